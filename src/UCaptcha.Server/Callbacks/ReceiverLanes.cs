namespace UCaptcha.Server.Callbacks;

/// <summary>
/// Bounds what one receiver can take from the others: how many callbacks to it are under way, and how many of these are being sent. The rest of
/// them stand in line.
/// </summary>
/// <param name="width">How many are sent to one receiver at a time.</param>
/// <param name="length">How many to one receiver may be under way.</param>
internal sealed class ReceiverLanes(int width, int length)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Admits one more callback to the receiver, until <see cref="Dismiss"/>; false when there are too many.</summary>
    public bool TryAdmit(string receiver)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(receiver, out var lane))
                _lanes[receiver] = lane = new Lane();
            if (lane.UnderWay >= length)
                return false;
            lane.UnderWay++;
            return true;
        }
    }

    /// <summary>True when the admitted callback may be sent now; else it stands in line until <see cref="Leave"/> hands it out.</summary>
    public bool TryEnter(CallbackDelivery delivery)
    {
        lock (_gate)
        {
            var lane = _lanes[delivery.Receiver];
            if (lane.Sending < width)
            {
                lane.Sending++;
                return true;
            }

            lane.Line.Enqueue(delivery);
            return false;
        }
    }

    /// <summary>Says that one callback to the receiver was sent. Returns the next in line, which goes in its place, or null.</summary>
    public CallbackDelivery? Leave(string receiver)
    {
        lock (_gate)
        {
            var lane = _lanes[receiver];
            if (lane.Line.TryDequeue(out var next))
                return next;
            lane.Sending--;
            Forget(receiver, lane);
            return null;
        }
    }

    /// <summary>Says that one callback to the receiver is over: delivered or given up.</summary>
    public void Dismiss(string receiver)
    {
        lock (_gate)
        {
            var lane = _lanes[receiver];
            lane.UnderWay--;
            Forget(receiver, lane);
        }
    }

    private void Forget(string receiver, Lane lane)
    {
        if (lane is { UnderWay: 0, Sending: 0 })
            _lanes.Remove(receiver);
    }

    private sealed class Lane
    {
        public int UnderWay { get; set; }

        public int Sending { get; set; }

        public Queue<CallbackDelivery> Line { get; } = new();
    }
}
