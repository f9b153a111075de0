"""The documented Python example, followed to the solution.

usage: python3 rest_requests.py BASE_URL KEY SITE_KEY
"""
import json
import sys
import time

import requests

base, client_key, site_key = sys.argv[1:4]

response = requests.post(f"{base}/createTask", json={
    "clientKey": client_key,
    "task": {
        "type": "RecaptchaV2TaskProxyless",
        "websiteURL": "https://example.com",
        "websiteKey": site_key,
    },
})
data = response.json()
print(json.dumps(data))
if data["errorId"] != 0:
    sys.exit(1)

result = None
for _ in range(60):
    result = requests.post(f"{base}/getTaskResult", json={"clientKey": client_key, "taskId": data["taskId"]}).json()
    if result["status"] != "processing":
        break
    time.sleep(0.25)
print(json.dumps(result))
