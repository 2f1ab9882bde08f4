package dev.tutti.simulator.audit;

import dev.tutti.conveyor.KeyClaim;
import dev.tutti.hub.HubCommand;
import java.util.List;

/**
 * A command as it was handed to a server. Its audit row must carry the tag as the reason.
 *
 * @param tag names this attempt
 * @param request names what was wanted; all attempts at one thing share it, and at most one may be carried out
 * @param poisoned whether it is meant to fail
 */
public record Submission(
        String tag, long request, long aggregate, HubCommand command, List<KeyClaim> keys, boolean poisoned) {}
