package dev.tutti.postgres.verify;

/**
 * Something that must always hold. The numbers are those of the project's list of invariants (ARCHITECTURE.md); a
 * query gives one row, one text, for each violation.
 */
enum Invariant {
    LEDGER_ADDS_UP(1, "the ledger's deltas of a position add up to its balances", """
            select format('item %s at place %s: on hand %s, reserved %s, version %s; the ledger says %s, %s, %s',
                          coalesce(p.item_id, l.item_id), coalesce(p.place_id, l.place_id), p.on_hand, p.reserved,
                          p.version, l.on_hand, l.reserved, l.entries)
            from position p
            full join (
                select item_id, place_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
                       count(*) as entries, max(version) as version, count(distinct version) as versions
                from stock_ledger
                group by item_id, place_id
            ) l on l.item_id = p.item_id and l.place_id = p.place_id
            where (coalesce(p.on_hand, -1), coalesce(p.reserved, -1), coalesce(p.version, -1))
                      is distinct from (coalesce(l.on_hand, 0), coalesce(l.reserved, 0), coalesce(l.entries, 0))
               or l.version <> l.entries or l.versions <> l.entries
            """),
    BALANCES_IN_BOUNDS(
            2, "nothing is claimed beyond what is on hand, the backorder cap and the declared shortage", """
            select format('item %s at place %s: on hand %s, reserved %s, shortage %s, cap %s',
                          item_id, place_id, on_hand, reserved, shortage, backorder_cap)
            from position
            where not (on_hand >= 0 and reserved >= 0 and shortage >= 0 and backorder_cap >= 0 and safety_stock >= 0
                       and reserved <= on_hand::bigint + backorder_cap + shortage)
            """),
    SHORTAGE_IS_EXACT(2, "a shortage is just what is claimed beyond on hand and cap", """
            select format('item %s at place %s: shortage %s with on hand %s, reserved %s, cap %s',
                          item_id, place_id, shortage, on_hand, reserved, backorder_cap)
            from position
            where shortage <> greatest(0, reserved - on_hand - backorder_cap)
            """),
    CLAIMS_HAVE_OWNERS(
            3,
            "what fulfilment orders, reservations, ring-fences and waiting orders claim is what is reserved at the position",
            """
            select format('item %s at place %s: reserved %s, held %s',
                          coalesce(p.item_id, h.item_id), coalesce(p.place_id, h.place_id), p.reserved, h.units)
            from (select * from position where reserved <> 0) p
            full join (
                select item_id, place_id, sum(units) as units
                from (
                    select l.item_id, f.node_id as place_id,
                           l.allocated + l.released + l.picked + l.packed as units
                    from fulfilment_line l
                    join fulfilment_order f on f.order_id = l.order_id and f.number = l.number
                    union all
                    select date 'epoch' - f.capacity_day, f.node_id,
                           l.allocated + l.released + l.picked + l.packed + l.shipped + l.collected + l.returned
                    from fulfilment_line l
                    join fulfilment_order f on f.order_id = l.order_id and f.number = l.number
                    where f.capacity_day is not null
                    union all
                    select (unit ->> 'item')::int, (parcel ->> 'node')::int, (unit ->> 'quantity')::int
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'parcels') as parcel
                    cross join jsonb_array_elements(parcel -> 'units') as unit
                    where r.state = 'HELD'
                    union all
                    select date 'epoch' - (parcel ->> 'capacityDay')::date, (parcel ->> 'node')::int,
                           (unit ->> 'quantity')::int
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'parcels') as parcel
                    cross join jsonb_array_elements(parcel -> 'units') as unit
                    where r.state = 'HELD' and parcel ->> 'capacityDay' is not null
                    union all
                    select date 'epoch' - (slot ->> 'day')::date,
                           (1 + (slot ->> 'minute')::int) * 65536 + (slot ->> 'node')::int, 1
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'slots') as slot
                    where r.state = 'HELD'
                    union all
                    select (unit ->> 'item')::int, 0, (unit ->> 'quantity')::int
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'waiting') as unit
                    where r.state = 'HELD'
                    union all
                    select 0, (r.held ->> 'caller')::int, (unit ->> 'quantity')::int
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'waiting') as unit
                    where r.state = 'HELD' and r.held ->> 'caller' <> '0'
                    union all
                    select 0, (r.held ->> 'caller')::int, (unit ->> 'quantity')::int
                    from reservation r
                    cross join jsonb_array_elements(r.held -> 'parcels') as parcel
                    cross join jsonb_array_elements(parcel -> 'units') as unit
                    where r.state = 'HELD' and r.held ->> 'caller' <> '0'
                    union all
                    select date 'epoch' - day, (1 + minute) * 65536 + node_id, 1 from pick_up_slot
                    union all
                    select item_id, 0, backordered from order_line where backordered > 0
                    union all
                    select item_id, node_id, quantity from promised_unit
                    union all
                    select date 'epoch' - capacity_day, node_id, quantity
                    from promised_unit
                    where capacity_day is not null
                    union all
                    select item_id, place_id % 65536, on_hand
                    from position
                    where place_id / 65536 between 3 and 16383
                ) holder
                group by item_id, place_id
                having sum(units) <> 0
            ) h on h.item_id = p.item_id and h.place_id = p.place_id
            where coalesce(p.reserved, 0) <> coalesce(h.units, 0)
            """),
    EXPECTED_IS_ANNOUNCED(
            22, "what is expected on a day, and altogether, is what inbound shipments are counted on for", """
            select format('item %s at place %s: %s expected, %s announced',
                          coalesce(p.item_id, s.item_id), coalesce(p.place_id, s.place_id), p.on_hand, s.units)
            from (
                select item_id, place_id, on_hand
                from position
                where item_id > 0 and (place_id = 0 or place_id / 65536 >= 16384) and on_hand <> 0
            ) p
            full join (
                select item_id, place_id, sum(units) as units
                from (
                    select item_id, (16384 + (due - date '2020-01-01')) * 65536 + node_id as place_id,
                           (quantity - received)::bigint * confidence / 100 as units
                    from inbound_line
                    where received < quantity and not ended
                    union all
                    select item_id, 0, (quantity - received)::bigint * confidence / 100
                    from inbound_line
                    where received < quantity and not ended
                ) line
                group by item_id, place_id
                having sum(units) <> 0
            ) s on s.item_id = p.item_id and s.place_id = p.place_id
            where coalesce(p.on_hand, 0) <> coalesce(s.units, 0)
            """),
    KITS_CONSIST_OF_STOCK(23, "a kit has no stock but that of its parts, and none of them is a kit", """
            select format('item %s: %s', kit.sku,
                          case when part.sku is null then 'it has stock, or is waited for' else 'its part ' || part.sku || ' is a kit' end)
            from item kit
            left join lateral (
                select part.sku
                from jsonb_array_elements(kit.terms -> 'parts') of
                join item part on part.sku = of ->> 'sku'
                where part.terms <> '{}' and jsonb_array_length(part.terms -> 'parts') > 0) part on true
            where kit.terms <> '{}' and jsonb_array_length(kit.terms -> 'parts') > 0
              and (part.sku is not null
                   or exists (select from position p where p.item_id = kit.id and (p.on_hand > 0 or p.reserved > 0)))
            """),
    CLAIMS_WERE_COVERED(4, "no claim was ever admitted beyond what was there with the backorder cap", """
            select format('item %s at place %s, ledger version %s: reserved %s of %s on hand and a cap of %s',
                          item_id, place_id, version, reserved, on_hand, backorder_cap)
            from stock_ledger
            where move = 'RESERVE' and reserved > on_hand::bigint + backorder_cap
            """),
    UNITS_ADD_UP(5, "the units of a line, over all states, are the units ordered", """
            select format('order %s line %s: %s ordered', order_id, number, ordered)
            from order_line
            where ordered <> open + backordered + allocated + released + picked + packed + shipped + collected
                             + returned + cancelled
               or least(open, backordered, allocated, released, picked, packed, shipped, collected, returned,
                        cancelled) < 0
            """),
    STATUS_FOLLOWS_UNITS(5, "an order's status is a function of its units", """
            select format('order %s is %s, its units say %s', o.id, o.status, u.status)
            from orders o
            join (
                select order_id,
                       case
                           when sum(open + backordered + allocated + released + picked + packed) = 0
                               then case when sum(shipped + collected) > 0 then 'FULFILLED'
                                         when sum(returned) > 0 then 'RETURNED'
                                         else 'CANCELLED' end
                           when sum(shipped + collected + returned) > 0 then 'PARTLY_FULFILLED'
                           when sum(released + picked + packed) > 0 then 'RELEASED'
                           when sum(backordered) > 0 then 'BACKORDERED'
                           when sum(open) > 0 then 'ACCEPTED'
                           else 'ALLOCATED'
                       end as status
                from order_line
                group by order_id
            ) u on u.order_id = o.id
            where o.status::text <> u.status
            """),
    UNITS_IN_ONE_PLACE(6, "the units a line has at nodes are those its fulfilment orders hold", """
            select format('order %s line %s', l.order_id, l.number)
            from order_line l
            left join (
                select order_id, line, sum(allocated) as allocated, sum(released) as released, sum(picked) as picked,
                       sum(packed) as packed, sum(shipped) as shipped, sum(collected) as collected, sum(returned) as returned,
                       sum(cancelled) as cancelled
                from fulfilment_line
                group by order_id, line
            ) f on f.order_id = l.order_id and f.line = l.number
            where (l.allocated, l.released, l.picked, l.packed, l.shipped, l.collected, l.returned)
                      is distinct from (coalesce(f.allocated, 0), coalesce(f.released, 0), coalesce(f.picked, 0),
                                        coalesce(f.packed, 0), coalesce(f.shipped, 0), coalesce(f.collected, 0),
                                        coalesce(f.returned, 0))
               or coalesce(f.cancelled, 0) > l.cancelled
            """),
    SHIPPED_ONCE(6, "the units that have gone are those the stock was issued for, once each", """
            select format('order %s, item %s from place %s: %s gone, %s issued',
                          coalesce(g.order_id, i.cause_id), coalesce(g.item_id, i.item_id),
                          coalesce(g.node_id, i.place_id), g.units, i.units)
            from (
                select f.order_id, l.item_id, f.node_id, sum(l.shipped + l.collected + l.returned) as units
                from fulfilment_line l
                join fulfilment_order f on f.order_id = l.order_id and f.number = l.number
                where l.shipped + l.collected + l.returned > 0
                group by f.order_id, l.item_id, f.node_id
            ) g
            full join (
                select cause_id, item_id, place_id, -sum(reserved_delta) as units
                from stock_ledger
                where move = 'ISSUE'
                group by cause_id, item_id, place_id
            ) i on i.cause_id = g.order_id and i.item_id = g.item_id and i.place_id = g.node_id
            where coalesce(g.units, 0) <> coalesce(i.units, 0)
            """),
    RETURNED_ONCE(6, "what is restocked for an order came back from its customer, once each", """
            select format('order %s, item %s: %s restocked, %s returned', s.cause_id, s.item_id, s.units, r.units)
            from (
                select cause_id, item_id, sum(on_hand_delta) as units
                from stock_ledger
                where move = 'RETURN'
                group by cause_id, item_id
            ) s
            join orders o on o.id = s.cause_id
            left join (
                select order_id, item_id, sum(returned) as units
                from order_line
                group by order_id, item_id
            ) r on r.order_id = s.cause_id and r.item_id = s.item_id
            where s.units > coalesce(r.units, 0)
            """),
    MONEY_ADDS_UP(9, "an order's total is that of its lines' units that were not cancelled, to the minor unit", """
            select format('order %s: total %s, its lines come to %s', o.id, o.total, l.total)
            from orders o
            join (
                select order_id,
                       sum(unit_price * kept
                           - (discount / ordered * kept + discount % ordered * kept / ordered)
                           + (tax / ordered * kept + tax % ordered * kept / ordered)
                           + (shipping / ordered * kept + shipping % ordered * kept / ordered)) as total
                from (select *, ordered - cancelled as kept from order_line) line
                group by order_id
            ) l on l.order_id = o.id
            where o.total <> l.total
            """),
    KEYS_HAVE_ORDERS(12, "every channel's order number stands for one order, and every order has its number", """
            select format('channel %s order %s: order %s, key of %s', o.channel_id, o.external_id, o.id, k.owner_id)
            from orders o
            full join (select * from claimed_key where kind = 'EXTERNAL_ORDER') k
                on k.key = o.channel_id || '|' || o.external_id
            where k.owner_id is distinct from o.id
            """),
    NOTHING_IS_STUCK(13, "every order is over with all its parts, or has a due time, or is a case for a person", """
            select format('order %s at step %s', o.id, o.step)
            from orders o
            left join due_work d on d.aggregate_id = o.id
            cross join lateral (select exists (select from journey j where j.order_id = o.id) as under_way) part
            where ((not o.closed or part.under_way) and d.aggregate_id is null and o.exception is null)
               or (o.closed and not part.under_way and d.aggregate_id is not null)
            """),
    VERSIONS_ARE_CONTIGUOUS(15, "an order's events are numbered 1 to n without a gap", """
            select format('order %s: version %s, its journal goes %s', coalesce(o.id, j.order_id), o.version, j.spans)
            from orders o
            full join (
                select order_id, max(version_to) as newest, min(version_from) as oldest,
                       sum(version_to - version_from + 1) as events, bool_and(version_from <= version_to) as forward,
                       string_agg(version_from || '-' || version_to, ', ' order by version_to) as spans
                from order_journal
                group by order_id
            ) j on j.order_id = o.id
            where o.version is distinct from j.newest or j.oldest <> 1 or j.events <> j.newest or not j.forward
            """),
    CHANGES_ARE_AUDITED(19, "every change has somebody who asked for it", """
            select format('order %s version %s', order_id, version_to)
            from order_journal
            where actor = '' or command = ''
            union all
            select format('ledger: item %s at place %s version %s caused by %s', l.item_id, l.place_id, l.version,
                          l.cause_id)
            from stock_ledger l
            where l.cause_id <> 0
              and not exists (select from orders o where o.id = l.cause_id)
              and not exists (select from stock_document d where d.id = l.cause_id and d.actor <> '')
              and not exists (select from reservation_change c where c.reservation_id = -l.cause_id and c.actor <> '')
              and not exists (
                select from inbound_change c
                where c.shipment_id - 9223372036854775807 - 1 = l.cause_id and c.actor <> '')
            """),
    DISPATCH_IN_LOCAL_TIME(
            21, "what is sent off must leave by the end of one of its node's working days, in its zone", """
            select format('order %s fulfilment order %s: by %s in %s', f.order_id, f.number, f.dispatch_by, n.time_zone)
            from fulfilment_order f
            join node n on n.id = f.node_id
            cross join lateral (select (f.dispatch_by - interval '1 microsecond') at time zone n.time_zone as last) t
            where (f.method <> 'PICK_UP' or n.handling ->> 'pickUp' is null) and not exists (
                select from sourcing_record s
                where s.order_id = f.order_id
                  and s.network_version <> (select max(version) from configuration_version where network))
              and (extract(isodow from t.last)::int <> all (n.workdays)
                   or t.last::date = any (n.holidays)
                   or (t.last + interval '1 microsecond')::date = t.last::date)
            """);

    final int number;
    final String sentence;
    final String violations;

    Invariant(int number, String sentence, String violations) {
        this.number = number;
        this.sentence = sentence;
        this.violations = violations;
    }
}
