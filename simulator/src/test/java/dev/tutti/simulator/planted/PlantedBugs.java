package dev.tutti.simulator.planted;

import static dev.tutti.simulator.audit.Invariant.ACKNOWLEDGED_IS_DURABLE;
import static dev.tutti.simulator.audit.Invariant.AUDITED;
import static dev.tutti.simulator.audit.Invariant.DECISIONS_SEE_EACH_OTHER;
import static dev.tutti.simulator.audit.Invariant.EVENTS_FOLD_TO_STATE;
import static dev.tutti.simulator.audit.Invariant.EVERYBODY_ANSWERED;
import static dev.tutti.simulator.audit.Invariant.EXPECTED_IS_ANNOUNCED;
import static dev.tutti.simulator.audit.Invariant.FENCES_KEEP;
import static dev.tutti.simulator.audit.Invariant.INVOICES_FOLLOW_UNITS;
import static dev.tutti.simulator.audit.Invariant.KEYS_UNIQUE;
import static dev.tutti.simulator.audit.Invariant.LEDGER_IS_POSITION;
import static dev.tutti.simulator.audit.Invariant.LOSSES_BOUNDED;
import static dev.tutti.simulator.audit.Invariant.MONEY_FOLLOWS_UNITS;
import static dev.tutti.simulator.audit.Invariant.MONEY_SUMS;
import static dev.tutti.simulator.audit.Invariant.NOBODY_FORGOTTEN;
import static dev.tutti.simulator.audit.Invariant.NODE_TIME;
import static dev.tutti.simulator.audit.Invariant.NOTHING_LEFT;
import static dev.tutti.simulator.audit.Invariant.NO_ALARM;
import static dev.tutti.simulator.audit.Invariant.NO_DEADLOCK;
import static dev.tutti.simulator.audit.Invariant.ONE_EFFECT;
import static dev.tutti.simulator.audit.Invariant.PAID_WITHIN_BOUNDS;
import static dev.tutti.simulator.audit.Invariant.REPEATS_KNOWN;
import static dev.tutti.simulator.audit.Invariant.REQUESTS_SUMMED;
import static dev.tutti.simulator.audit.Invariant.RESERVED_IS_OWNED;
import static dev.tutti.simulator.audit.Invariant.SHIPPED_ONCE;
import static dev.tutti.simulator.audit.Invariant.SHORTAGE_DECLARED;
import static dev.tutti.simulator.audit.Invariant.SOURCING_REPLAYS;
import static dev.tutti.simulator.audit.Invariant.UNITS_CONSERVED;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import java.util.List;

/** The bugs: what happened to others, what the code guards against, and what it once got wrong itself. */
final class PlantedBugs {
    private PlantedBugs() {}

    static final List<PlantedBug> BUGS = List.of(
            PlantedBug.of(
                    "the guard checks what the index says, not the locked rows",
                    new Edit("conveyor.Batch", "Guard guard = new Guard(locked,", """
                            Map<PositionKey, Position> seen = new HashMap<>();
                            for (PositionKey key : locked.keySet()) {
                                Position known = conveyor.index().position(key);
                                if (known != null) {
                                    seen.put(key, known);
                                }
                            }
                            Guard guard = new Guard(seen,"""),
                    LEDGER_IS_POSITION,
                    REQUESTS_SUMMED,
                    NO_ALARM),
            PlantedBug.of(
                    "each line of an order is checked alone",
                    new Edit("inventory.Guard", "tried.getOrDefault(key, books(key))", "books(key)"),
                    REQUESTS_SUMMED,
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "an order that is refused by the guard leaves its first lines reserved",
                    new Edit(
                            "inventory.Guard",
                            "Map<PositionKey, Books> tried = new HashMap<>();",
                            "Map<PositionKey, Books> tried = books;"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "more can be reserved than is there",
                    new Edit(
                            "inventory.Guard",
                            "(long) p.reserved() + q <= (long) p.onHand() + p.backorderCap()",
                            "(long) p.reserved() + q <= (long) p.onHand() + p.backorderCap() + 1"),
                    REQUESTS_SUMMED),
            PlantedBug.of(
                    "a loser is written all the same, without its stock",
                    new Edit(
                            "conveyor.Batch",
                            "losers.add(plan.job());",
                            "losers.add(plan.job()); if (true) { return true; }"),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "decisions do not see the claims planned before them",
                    new Edit(
                            "conveyor.Round",
                            "withNothing() : conveyor.overlay();",
                            "withNothing() : conveyor.index();"),
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "what goes on over another day is planned on units that are already taken",
                    new Edit("sourcing.Sourcing", "left.plan(taken(request, last));", "left.plan(List.of());"),
                    SOURCING_REPLAYS,
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "planned claims are never forgotten",
                    new Edit("inventory.Overlay", "change(changes, -1);", ""),
                    NOTHING_LEFT),
            PlantedBug.of(
                    "the version is not rechecked under the lock",
                    new Edit("conveyor.Batch", "return version != null && version == seen;", "return version != null;"),
                    VERSIONS_CONTIGUOUS,
                    NO_ALARM),
            PlantedBug.of(
                    "an aggregate that is locked by somebody else is written all the same",
                    new Edit(
                            "conveyor.Batch",
                            "return version != null && version == seen;",
                            "return version == null || version == seen;"),
                    VERSIONS_CONTIGUOUS,
                    NO_ALARM),
            PlantedBug.of(
                    "rows are locked in no particular order",
                    new Edit(
                            "conveyor.Batch",
                            "TreeSet<PositionKey> wanted = new TreeSet<>();",
                            "TreeSet<PositionKey> wanted = new TreeSet<>(plans.size() % 2 == 0 ? java.util.Comparator.<PositionKey>naturalOrder() : java.util.Comparator.<PositionKey>reverseOrder());"),
                    NO_DEADLOCK),
            PlantedBug.of(
                    "a poisoned command is swallowed and answered as done",
                    new Edit(
                            "conveyor.Round",
                            "return new Decision.Refused<>(Refusal.of(RefusalCode.DECISION_FAILED, \"this could not be decided because of an error in Tutti\"));",
                            "@SuppressWarnings(\"unchecked\") X nothing = (X) job; return new Decision.Accepted<>(state, nothing, List.of(), 0);"),
                    ACKNOWLEDGED_IS_DURABLE,
                    NO_ALARM),
            PlantedBug.of(
                    "the answer is given before the commit",
                    new Edit(
                            "conveyor.Batch",
                            "transaction().commit();",
                            "admitted.forEach(p -> p.job().answer(new Answer.Done<>(p.next()))); transaction().commit();"),
                    ACKNOWLEDGED_IS_DURABLE),
            PlantedBug.of(
                    "the keys of commands that were not admitted are kept",
                    new Edit(
                            "conveyor.Batch",
                            "claimedKeys.stream().filter(key -> !keptKeys.contains(key)).toList();",
                            "List.of();"),
                    KEYS_UNIQUE,
                    REPEATS_KNOWN),
            PlantedBug.of(
                    "a key that was used with another content counts as a repetition",
                    new Edit("conveyor.Answer", "owner.fingerprint() == claim.fingerprint()", "claim != null"),
                    KEYS_UNIQUE),
            PlantedBug.of(
                    "keys are not looked at",
                    new Edit("conveyor.Batch", "claims.putIfAbsent(claim.key(), claim)", "claim.key()"),
                    KEYS_UNIQUE),
            PlantedBug.of(
                    "a repetition is refused because what it asks for is done",
                    new Edit(
                            "conveyor.RefusedJobs",
                            "Answer<S> earlier = Answer.earlier(jobs.get(arrival).keys(), owners);",
                            "Answer<S> earlier = null;"),
                    KEYS_UNIQUE),
            PlantedBug.of(
                    "a COMMIT without an answer counts as failed",
                    new Edit(
                            "conveyor.Round",
                            "yield Stage.RESOLVE; } case StoreFailure.Unreachable gone",
                            "yield again(); } case StoreFailure.Unreachable gone"),
                    KEYS_UNIQUE,
                    ACKNOWLEDGED_IS_DURABLE),
            PlantedBug.of(
                    "a COMMIT without an answer counts as done",
                    new Edit(
                            "conveyor.Round",
                            "yield Stage.RESOLVE; } case StoreFailure.Unreachable gone",
                            "yield settled(true); } case StoreFailure.Unreachable gone"),
                    ACKNOWLEDGED_IS_DURABLE,
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "half of a bisected batch is forgotten",
                    new Edit("conveyor.Round", "waiting.addFirst(halves.getLast());", ""),
                    EVERYBODY_ANSWERED),
            PlantedBug.of(
                    "a command that met a conflict is forgotten",
                    new Edit(
                            "conveyor.Batch",
                            "try again\"))); } else { anew.add(plan.arrival()); }",
                            "try again\"))); }"),
                    EVERYBODY_ANSWERED),
            PlantedBug.of(
                    "losers can be overtaken for ever",
                    new Edit(
                            "conveyor.Conveyor",
                            "return job.losses() >= limits.lossesBeforeGivingUp();",
                            "return false;"),
                    LOSSES_BOUNDED),
            PlantedBug.of(
                    "a change is written without its audit",
                    new Edit(
                            "conveyor.Round",
                            "prepare(decision.change(), job.audit())",
                            "prepare(decision.change(), new Audit(\"\", \"\", now, \"\"))"),
                    AUDITED),
            PlantedBug.of(
                    "a cancellation releases its units twice",
                    new Edit(
                            "order.Change",
                            "claim(part.line(), work(part.fulfilmentOrder()).node(), move, part.quantity());",
                            "claim(part.line(), work(part.fulfilmentOrder()).node(), move, part.quantity() * 2);"),
                    RESERVED_IS_OWNED,
                    SHIPPED_ONCE,
                    NO_ALARM),
            PlantedBug.of(
                    "cancelled units go back to the wrong node",
                    new Edit(
                            "order.Change",
                            "claim(part.line(), work(part.fulfilmentOrder()).node(), move",
                            "claim(part.line(), work(1).node(), move"),
                    RESERVED_IS_OWNED,
                    SHIPPED_ONCE,
                    NO_ALARM),
            PlantedBug.of(
                    "a node's capacity on a day counts for each order alone",
                    new Edit(
                            "inventory.DailyCapacity",
                            "claims.add(new StockChange(key, StockMove.RESERVE, units));",
                            ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "a node can do one unit a day more than it can",
                    new Edit("inventory.DailyCapacity", "CAP, node.dailyCapacity()", "CAP, node.dailyCapacity() + 1"),
                    REQUESTS_SUMMED),
            PlantedBug.of(
                    "planning does not see what others claimed of a node's day",
                    new Edit("inventory.DailyCapacity", "limit - known.reserved()", "limit - 0 * known.reserved()"),
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "cancelled units keep the capacity they would have taken up",
                    new Edit(
                            "order.Change",
                            "DailyCapacity.release(work.node(), day, sum)",
                            "DailyCapacity.release(work.node(), day, 1)"),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "what is collected in a slot may count on a day after it",
                    new Edit("sourcing.Departures", "return comes.isBefore(soonest)", "return comes != null"),
                    NODE_TIME),
            PlantedBug.of(
                    "a later parcel takes up the capacity of the first day",
                    new Edit(
                            "sourcing.Departures",
                            "Leaving.on(day, node.calendar().endOf(day)), day, free)",
                            "Leaving.on(day, node.calendar().endOf(day)), nodes.handOver(node, 0, now).day(), free)"),
                    NODE_TIME,
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "units that have left can be cancelled",
                    new Edit(
                            "fulfilment.UnitState",
                            "return compareTo(SHIPPED) < 0;",
                            "return compareTo(CANCELLED) < 0;"),
                    SHIPPED_ONCE,
                    UNITS_CONSERVED,
                    NO_ALARM),
            PlantedBug.of(
                    "units that leave stay reserved",
                    new Edit(
                            "inventory.Guard",
                            "case ISSUE, LOSE -> moved(books, change, -q, p.reserved() - q);",
                            "case ISSUE, LOSE -> moved(books, change, -q, p.reserved());"),
                    LEDGER_IS_POSITION,
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "units leave and are not issued",
                    new Edit(
                            "order.NodeWork",
                            "change.claim(part.line(), work.node(), StockMove.ISSUE, part.quantity());",
                            ""),
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "units leave and are issued line by line, one too many",
                    new Edit(
                            "order.NodeWork",
                            "change.claim(part.line(), work.node(), StockMove.ISSUE, part.quantity());",
                            "change.claim(part.line(), work.node(), StockMove.ISSUE, part.quantity() + (lines.size() > 1 ? 1 : 0));"),
                    SHIPPED_ONCE,
                    NO_ALARM),
            PlantedBug.of(
                    "a count takes reservations away in silence",
                    new Edit(
                            "inventory.Guard",
                            "settled(p, timeline.onHand(), p.reserved(),",
                            "settled(p, timeline.onHand(), Math.min(timeline.onHand(), p.reserved()),"),
                    LEDGER_IS_POSITION,
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "a count that comes late undoes what was sold since",
                    new Edit("inventory.Guard", "timelines.get(key), 0)", "null, 0)"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "a count that comes late does not see what the same batch has sold",
                    new Edit(
                            "inventory.Guard",
                            "new Books(after, timeline, after.",
                            "new Books(after, books.timeline(), after."),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "units that were sold before they were told of are there twice",
                    new Edit("inventory.Timeline", "more.sort(IN_ORDER);", ""),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "goods come after what was sold at the same moment",
                    new Edit("inventory.Timeline", "move -> move.units() < 0", "move -> move.units() > 0"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "what a late count found to have left is forgotten",
                    new Edit("inventory.Guard", "timeline, timeline.foundByCount());", "timeline, 0);"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "what happens now is of the moment of what is known already",
                    new Edit("inventory.Guard", "-> Math.max(now, last + 1);", "-> now;"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "units become of another condition that are not there",
                    new Edit("inventory.Guard", "after.found() > 0 ?", "after.found() > 1_000 ?"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "an older count undoes a newer one",
                    new Edit("inventory.Guard", "if (at < p.countedAt()) {", "if (at < 0) {"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "what a count has seen is taken off once more",
                    new Edit(
                            "inventory.Guard",
                            "return change.isTimed() && change.at() <= position.countedAt();",
                            "return change.isTimed() && change.at() < 0;"),
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "what an order does not want of a reservation stays held",
                    new Edit("order.TakingOver", "if (!left.get(i).isEmpty()) {", "if (left.size() > 100) {"),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "called off units stay promised",
                    new Edit(
                            "order.Promised",
                            "int open = line.units().in(UnitState.OPEN)",
                            "int open = line.units().total() + line.units().in(UnitState.OPEN)"),
                    RESERVED_IS_OWNED,
                    NOTHING_LEFT,
                    NO_ALARM),
            PlantedBug.of(
                    "two orders take over the same reservation",
                    new Edit(
                            "conveyor.Batch",
                            "if (plan.otherSeen() != 0 && !isAsSeen(job, job.other(), plan.otherSeen())) {",
                            "if (plan.otherSeen() < 0) {"),
                    RESERVED_IS_OWNED,
                    VERSIONS_CONTIGUOUS,
                    NO_ALARM),
            PlantedBug.of(
                    "everybody gets what a ring-fence keeps",
                    new Edit("inventory.Fences", "fence.isFor(known.code(), customerGroup)", "!fence.lends()"),
                    FENCES_KEEP),
            PlantedBug.of(
                    "who no longer waits claims as if they did",
                    new Edit(
                            "order.Change",
                            "claims.addAll(nowWaiting());",
                            "if (found == null) claims.addAll(nowWaiting());"),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "everybody gets what came for those who wait",
                    new Edit(
                            "order.Change",
                            "waited.containsKey(item) ? fences.ofWaiting() : fences",
                            "fences.ofWaiting()"),
                    FENCES_KEEP),
            PlantedBug.of(
                    "what came for those who wait is not claimed",
                    new Edit("inventory.Waking", "kept.add(new StockChange(key, StockMove.RESERVE, units));", ""),
                    RESERVED_IS_OWNED,
                    LEDGER_IS_POSITION),
            PlantedBug.of(
                    "what has come is still expected",
                    new Edit(
                            "inbound.Inbounds",
                            "if (before != null) {",
                            "if (before != null && before.version() == 1) {"),
                    LEDGER_IS_POSITION,
                    RESERVED_IS_OWNED,
                    EXPECTED_IS_ANNOUNCED),
            PlantedBug.of(
                    "what is announced again counts as not received",
                    new Edit("inbound.Inbounds", "before == null ? line : line.after(before)", "line"),
                    EXPECTED_IS_ANNOUNCED),
            PlantedBug.of(
                    "what was held is not given back when its time is over",
                    new Edit(
                            "reservation.Reservations",
                            "claims.addAll(givenBack(parcel, parcel.units(), facts.network(), facts.now()));",
                            ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "a shortage is not declared",
                    new Edit(
                            "inventory.Guard",
                            "int shortage = bounded((long) reserved - onHand - cap);",
                            "int shortage = 0;"),
                    new Edit("inventory.Position", "&& reserved <= (long) onHand + backorderCap + shortage", ""),
                    SHORTAGE_DECLARED),
            PlantedBug.of(
                    "a position changes and its version does not",
                    new Edit("inventory.Guard", "before.version() + 1", "before.version()"),
                    LEDGER_IS_POSITION,
                    VERSIONS_CONTIGUOUS),
            PlantedBug.of(
                    "old news overwrites newer in the index",
                    new Edit(
                            "inventory.AvailabilityIndex",
                            "position.version() <= rows[at + VERSION]",
                            "position.version() == rows[at + VERSION]"),
                    VERSIONS_CONTIGUOUS,
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "an order's next due time is lost",
                    new Edit("hub.Hub", "a.events(), a.due(),", "a.events(), null,"),
                    NOBODY_FORGOTTEN),
            PlantedBug.of(
                    "a timer counts hours on the wall, not hours that pass",
                    new Edit(
                            "flow.Flow",
                            "Instant due = entered.plus(wait);",
                            "Instant due = entered.atZone(java.time.ZoneId.of(\"Europe/Berlin\")).toLocalDateTime().plus(wait).atZone(java.time.ZoneId.of(\"Europe/Berlin\")).toInstant();"),
                    NODE_TIME),
            PlantedBug.of(
                    "cut-offs are compared in UTC",
                    new Edit(
                            "network.LocalTimes",
                            "ZonedDateTime.of(day, time, zone).toInstant()",
                            "day.atTime(time).toInstant(java.time.ZoneOffset.UTC)"),
                    NODE_TIME),
            PlantedBug.of(
                    "a dispatch day is remembered for ever",
                    new Edit(
                            "sourcing.NodeTable",
                            "moment < span[3 * node] || moment >= span[3 * node + 1]",
                            "span[3 * node + 1] == 0"),
                    NODE_TIME,
                    SOURCING_REPLAYS),
            PlantedBug.of(
                    "a node that gave a line back is asked for it again",
                    new Edit(
                            "sourcing.SourcingRun",
                            "!demand.blocked().contains(new NodeId(place))",
                            "new NodeId(place) != null"),
                    SOURCING_REPLAYS),
            PlantedBug.of(
                    "it is forgotten that a node gave a line back",
                    new Edit(
                            "order.Order",
                            "givenBack(e.units()).blocking(e.fulfilmentOrder(), e.units());",
                            "givenBack(e.units());"),
                    SOURCING_REPLAYS),
            PlantedBug.of(
                    "a line that must not be split is split",
                    new Edit("order.FlowActions", "line.splittable(),", "true,"),
                    SOURCING_REPLAYS),
            PlantedBug.of(
                    "what came back broken is put on the shelf",
                    new Edit("order.Returning", "if (restock) {", "if (true) {"),
                    LEDGER_IS_POSITION,
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "units come back that never went",
                    new Edit(
                            "fulfilment.UnitState",
                            "this == SHIPPED || this == COLLECTED",
                            "this == SHIPPED || this == PACKED"),
                    SHIPPED_ONCE,
                    MONEY_FOLLOWS_UNITS),
            PlantedBug.of(
                    "the parts of a line lose a cent",
                    new Edit("quantity.Proration", "perUnit * upTo + rest * upTo / units", "perUnit * upTo"),
                    MONEY_SUMS),
            PlantedBug.of(
                    "an order's shipping loses a cent over its lines",
                    new Edit("quantity.Proration", "k < left;", "k < left - 1;"),
                    MONEY_SUMS),
            PlantedBug.of(
                    "what is just being taken is asked for again",
                    new Edit("payment.Payments", "+ payment.underWay().capture()", ""),
                    MONEY_FOLLOWS_UNITS),
            PlantedBug.of(
                    "what is held for nothing is not let go",
                    new Edit(
                            "order.Money",
                            "ask(change, Journey.ORDER, step, Kind.VOID, left.held(), Payment::held);",
                            ""),
                    new Edit("order.Balance", "due == 0 && owedBack == 0 && held == 0 && !busy", "true"),
                    MONEY_FOLLOWS_UNITS),
            PlantedBug.of(
                    "what comes back is not paid back",
                    new Edit("order.Returning", "Money.refundOwed(change, Journey.ORDER, \"\");", ""),
                    MONEY_FOLLOWS_UNITS),
            PlantedBug.of(
                    "an answer that comes twice counts twice",
                    new Edit(
                            "order.FlowRun", "if (effect == null || effect.done() != null) {", "if (effect == null) {"),
                    NO_ALARM,
                    ONE_EFFECT),
            PlantedBug.of(
                    "an order gives back more than it took",
                    new Edit("order.Money", "Payment::refundable", "Payment::held"),
                    new Edit("payment.Payment", "done.refund() + underWay.refund() <= done.capture() && ", ""),
                    PAID_WITHIN_BOUNDS,
                    MONEY_FOLLOWS_UNITS,
                    EVERYBODY_ANSWERED),
            PlantedBug.of(
                    "what came back is owed before anybody has decided about it",
                    new Edit(
                            "order.Order",
                            "int has = line.atCustomer() + returns.undecided(line.number());",
                            "int has = line.atCustomer();"),
                    MONEY_FOLLOWS_UNITS),
            PlantedBug.of(
                    "a later invoice counts the units of an earlier one as its own first",
                    new Edit("order.Billing", "ofUnits(units, before, now)", "ofUnits(units, 0, now - before)"),
                    INVOICES_FOLLOW_UNITS),
            PlantedBug.of(
                    "what came back is not credited",
                    new Edit("order.Billing", "else if (now < before)", "else if (now < 0)"),
                    INVOICES_FOLLOW_UNITS),
            PlantedBug.of(
                    "what is not paid back is credited",
                    new Edit("order.Order", " + returns.kept(line.number())", ""),
                    INVOICES_FOLLOW_UNITS),
            PlantedBug.of(
                    "nobody looks at parts of an order again",
                    new Edit(
                            "order.FlowRun",
                            "for (Journey journey : all(order)) { FlowPosition at",
                            "for (Journey journey : List.of(Journey.ORDER)) { FlowPosition at"),
                    NOBODY_FORGOTTEN),
            PlantedBug.of(
                    "more is expected back than the customer has",
                    new Edit("returns.Returns", "int tooMany = expected(line) - most;", "int tooMany = 0;"),
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "the slot of an order that was called off stays taken",
                    new Edit("order.Change", "before.forEach(slot -> changes.addFirst(Slots.release(slot)));", ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "the slot of a cart that is given up stays taken",
                    new Edit(
                            "reservation.Reservations",
                            "reservation.slots().forEach(slot -> claims.add(Slots.release(slot)));",
                            ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "what a cart that is given up held counts on against its caller",
                    new Edit(
                            "reservation.Reservations",
                            "if (reservation.caller() != 0) {",
                            "if (reservation.caller() < 0) {"),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "an order that takes over a cart has its slot twice",
                    new Edit("order.Change", "slotsTakenOver = held.slots();", ""),
                    RESERVED_IS_OWNED,
                    DECISIONS_SEE_EACH_OTHER),
            PlantedBug.of(
                    "a slot takes one more than its node says",
                    new Edit(
                            "inventory.Slots",
                            "claims.add(new StockChange(key, StockMove.CAP, perSlot));",
                            "claims.add(new StockChange(key, StockMove.CAP, perSlot + 1));"),
                    REQUESTS_SUMMED),
            PlantedBug.of(
                    "the parts of a kit come to more than the kit",
                    new Edit("order.Kits", "unitPrice * units - goods[i] + discount[i]", "discount[i]"),
                    MONEY_SUMS),
            PlantedBug.of(
                    "a part of a kit is ordered once, however many kits are",
                    new Edit(
                            "order.Kits",
                            "Math.multiplyExact(parts.get(i).quantity(), line.quantity())",
                            "parts.get(i).quantity()"),
                    MONEY_SUMS,
                    UNITS_CONSERVED,
                    SOURCING_REPLAYS),
            PlantedBug.of(
                    "a parcel arrives as often as its carrier says so",
                    new Edit(
                            "order.Arriving",
                            "Refused.when(work.arrived() != null, UNITS_NOT_IN_STATE, \"it arrived on \" + work.arrived());",
                            ""),
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "a cart that is given up goes on waiting",
                    new Edit(
                            "reservation.Reservations",
                            "reservation.waiting().forEach(units -> claims.add(noLongerWaiting(units.item(), units.quantity())));",
                            ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "an order waits for what its cart waited for, too",
                    new Edit(
                            "order.Change",
                            "waited.merge(order.lines().get(part.line() - 1).item(), part.quantity(), Integer::sum);",
                            ""),
                    RESERVED_IS_OWNED),
            PlantedBug.of(
                    "what was sent to a store leaves its node's stock again when it is handed out",
                    new Edit(
                            "order.NodeWork",
                            "if (from == UnitState.SHIPPED) {",
                            "if (from == UnitState.SHIPPED) { issue(change, work, lines);"),
                    LEDGER_IS_POSITION,
                    RESERVED_IS_OWNED,
                    NO_ALARM,
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "what is sent to a store is handed out before it arrives",
                    new Edit(
                            "order.NodeWork",
                            "from == UnitState.SHIPPED && work.arrived() == null",
                            "from == UnitState.OPEN && work.arrived() == null"),
                    SHIPPED_ONCE),
            PlantedBug.of(
                    "an event is written twice",
                    new Edit(
                            "order.Change",
                            "order = Order.apply(order, event); events.add(event);",
                            "order = Order.apply(order, event); events.add(event); events.add(event);"),
                    VERSIONS_CONTIGUOUS,
                    UNITS_CONSERVED,
                    EVENTS_FOLD_TO_STATE),
            PlantedBug.of(
                    "an event's effect on the state depends on when it is applied",
                    new Edit(
                            "order.Order",
                            "new ExceptionCase(e.kind(), e.reason(), e.part()",
                            "new ExceptionCase(e.kind(), e.reason() + System.nanoTime(), e.part()"),
                    EVENTS_FOLD_TO_STATE),
            PlantedBug.of(
                    "an order that was begun and then lost is not taken back",
                    new Edit("conveyor.Batch", "List.copyOf(takenBack.values())", "List.of()"),
                    RESERVED_IS_OWNED,
                    KEYS_UNIQUE),
            PlantedBug.of(
                    "an order is taken though another like it came while it was being decided",
                    new Edit("conveyor.Batch", "if (cameHere || !plan.knew(ownedBefore))", "if (cameHere)"),
                    new Edit("conveyor.Batch", "&& plan.knew(ownedBefore) ", ""),
                    REPEATS_KNOWN),
            PlantedBug.of(
                    "of two orders that are alike the one that has to wait is remembered",
                    new Edit(
                            "conveyor.Batch",
                            "plan.claimedKeys().forEach(claim -> claims.putIfAbsent(claim.key(), claim));",
                            "plan.claimedKeys().forEach(claim -> claims.put(claim.key(), claim));"),
                    REPEATS_KNOWN,
                    KEYS_UNIQUE));
}
