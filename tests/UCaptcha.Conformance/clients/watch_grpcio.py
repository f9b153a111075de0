"""grpcio on its C core: the same as watch-grpcjs.cjs, from stubs that protoc made out of protos/.

usage: python3 watch_grpcio.py HOST:PORT KEY STUBS_FOLDER SITE_KEY
"""
import json
import sys

address, client_key, stubs, site_key = sys.argv[1:5]
sys.path.insert(0, stubs)

import grpc  # noqa: E402
from ucaptcha.v1 import captcha_service_pb2 as messages  # noqa: E402
from ucaptcha.v1 import captcha_service_pb2_grpc as service  # noqa: E402
from ucaptcha.v1 import captcha_task_pb2 as tasks  # noqa: E402

with grpc.insecure_channel(address) as channel:
    client = service.CaptchaServiceStub(channel)
    task = tasks.CaptchaTask(
        type="RecaptchaV2TaskProxyless",
        website_url="https://www.google.com/recaptcha/api2/demo",
        website_key=site_key,
    )
    task_id = client.CreateTask(messages.CreateTaskRequest(client_key=client_key, task=task)).task_id
    for message in client.WatchTask(messages.WatchTaskRequest(client_key=client_key, task_id=task_id)):
        print(json.dumps({
            "status": messages.TaskStatus.Name(message.status),
            "attempt": message.attempt,
            "token": message.solution.g_recaptcha_response or None,
        }))

    other = client.CreateTask(messages.CreateTaskRequest(client_key=client_key, task=task)).task_id
    leaving = client.WatchTask(messages.WatchTaskRequest(client_key=client_key, task_id=other))
    next(leaving)
    leaving.cancel()

    try:
        client.GetTaskResult(messages.GetTaskResultRequest(client_key="no-such-key", task_id=task_id))
    except grpc.RpcError as error:
        print(json.dumps({"code": error.code().name, "details": error.details()}))
