-- Numbers for everything that grows for ever: orders, stock documents, batches. Taken in blocks, so they are
-- ordered by time, roughly. Tables that grow are partitioned by ranges of these numbers.
create sequence hub_id increment by 1000 minvalue 1000;

create type order_status as enum
    ('ACCEPTED', 'BACKORDERED', 'ALLOCATED', 'RELEASED', 'PARTLY_FULFILLED', 'FULFILLED', 'RETURNED',
     'CANCELLED');
create type fulfilment_status as enum
    ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY', 'HANDED_OVER', 'COLLECTED', 'RETURNED', 'CANCELLED');
create type fulfilment_method as enum ('SHIP', 'PICK_UP', 'SHIP_TO_STORE');
create type stock_move as enum
    ('RESERVE', 'RELEASE', 'YIELD', 'WITHDRAW', 'ISSUE', 'LOSE', 'CONVERT', 'SELL', 'ADJUST', 'RETURN', 'DEPOSIT', 'COUNT', 'CAP',
     'SAFETY');
create type stock_document_kind as enum ('SNAPSHOT', 'DELTA', 'CONVERSION', 'SALE', 'RETURN', 'SETTINGS', 'FENCE');
create type node_type as enum ('STORE', 'DISTRIBUTION_CENTRE', 'SUPPLIER', 'THIRD_PARTY_WAREHOUSE');

-- ---------------------------------------------------------------------------------------------- master data

-- What people may type to find something: words without case and accents, an e-mail's address as one.
create function words_of(typed text) returns text[] immutable strict parallel safe language sql as $$
    select coalesce(array_agg(distinct found[1]), '{}')
    from regexp_matches(
        lower(regexp_replace(normalize(typed, NFKD), U&'[\0300-\036F]', '', 'g')),
        '[[:alnum:]._+-]+@[[:alnum:].-]+|[[:alnum:]]+', 'g') as found
    -- What is longer is no word, and more than an index or a comparison takes.
    where length(found[1]) <= 100
$$;

create table item (
    id          int generated always as identity primary key,
    sku         text not null unique,
    description text not null default '',
    attributes  jsonb not null default '{}',
    terms       jsonb not null default '{}',
    words       text[] not null generated always as (words_of(sku || ' ' || description)) stored
);
create index item_terms on item (id) where terms <> '{}';
comment on column item.terms is 'How it is had, by whom it is sold, what it is made of; {} if nothing is said. As the API has it.';
comment on column item.words is 'What orders of it are found by.';
comment on table item is 'What is sold. Quantities everywhere are whole numbers of its smallest unit.';
comment on column item.sku is 'The code all channels know it by.';
comment on column item.attributes is 'Custom fields, text by name.';

create table node (
    id             int generated always as identity primary key,
    code           text not null unique,
    type           node_type not null,
    latitude       double precision,
    longitude      double precision,
    time_zone      text not null,
    workdays       int[] not null,
    holidays       date[] not null default '{}',
    cut_off        time not null,
    daily_capacity int,
    cost_package   bigint not null,
    cost_unit      bigint not null,
    cost_unit_mile bigint not null,
    cost_day_late  bigint not null,
    legal_entity   text not null default '',
    ships          boolean not null default true,
    hands_out      boolean not null default false,
    active         boolean not null default true,
    attributes     jsonb not null default '{}',
    handling       jsonb not null default '{"processingDays": 0, "receivingDays": 0, "cutOffs": {}, "pickUp": null}'
);
comment on column node.handling is 'How long it takes, and by when it must hear of something: days, cut-offs of carrier services, hours of collecting.';
comment on table node is 'Whatever can fulfil: stores, distribution centres, suppliers, warehouses of third parties.';
comment on column node.workdays is 'ISO days of the week, 1 is Monday.';
comment on column node.cut_off is 'In the node''s own time zone; work that comes later waits for the next working day.';
comment on column node.daily_capacity is 'Units it can take on in a day; null means no limit.';
comment on column node.cost_package is 'Millionths of a minor unit, as are all costs.';

create table channel (
    id           int generated always as identity primary key,
    code         text not null unique,
    currency     char(3) not null,
    flow         text not null,
    fulfilment_flow text not null default '',
    return_flow  text not null default '',
    brand        text not null default '',
    legal_entity text not null default '',
    duplicates_within bigint not null default 0,
    threshold    int not null default 0
);
comment on column channel.threshold is 'Units of each item at each node that it does not see.';
comment on table channel is 'Where orders come from.';
comment on column channel.flow is 'The flow its orders take.';
comment on column channel.duplicates_within is 'Seconds within which a like order of the same customer may be one sent twice; 0 if nobody looks.';
comment on column channel.fulfilment_flow is 'The flow of their fulfilment orders; empty if these have none of their own.';
comment on column channel.return_flow is 'The flow of their returns; empty if these have none.';

create table flow (
    name       text not null,
    version    int not null,
    definition jsonb not null,
    primary key (name, version)
);
comment on table flow is
    'How orders travel: every version there has been, for orders under way keep the one they began with. The first versions
of the built-in flows are not here.';
comment on column flow.definition is 'Its steps and edges, as the API shows them.';

create table configured (
    kind       text not null,
    number     int not null,
    code       text not null,
    definition jsonb not null,
    primary key (kind, code),
    unique (kind, number)
);
create table configured_history (
    kind       text not null,
    number     int not null,
    version    bigint not null,
    code       text not null,
    definition jsonb not null,
    primary key (kind, number, version)
);
comment on table configured_history is 'What is in configured as each configuration_version left it: decisions of that time can be made again.';
comment on table configured is 'What else is configured: ring-fences, carrier services. Nothing is ever removed, for other rows have its number.';

create table configuration_version (
    version bigint generated always as identity primary key,
    made_at timestamptz not null default now(),
    actor   text not null,
    origin  text not null,
    author  text not null default '',
    reason  text not null default '',
    change  text not null,
    details text not null default '',
    network boolean not null
);
comment on table configuration_version is 'Every change of flows, items, nodes and channels: who, when, what. Servers reload when it grows.';
comment on column configuration_version.actor is 'The key it was made with.';
comment on column configuration_version.author is 'Who wanted it, as they said themselves; the actor if nobody said.';
comment on column configuration_version.reason is 'Why; empty if it was not asked for.';
comment on column configuration_version.details is 'What differed, a line each, if it was applied from a plan; no more than a few hundred.';
comment on column configuration_version.network is 'Whether flows, nodes, channels or how items are had changed, which decisions depend on.';

create table node_history (
    node_id   int not null,
    version   bigint not null,
    as_it_was jsonb not null,
    primary key (node_id, version)
);
comment on table node_history is
    'Nodes as each configuration_version left them: with them a recorded sourcing decision can be made again.';
comment on column node_history.as_it_was is 'The row of node, by its columns; its capacity, calendar and costs in that version.';

insert into configuration_version (actor, origin, change, network) values ('tutti', 'migration', 'the empty hub', true);

create table api_key (
    id         int generated always as identity primary key,
    prefix     text not null unique,
    hash       bytea not null unique,
    role       text not null,
    channels   text[] not null default '{}',
    nodes      text[] not null default '{}',
    most_held  int not null default 0,
    note       text not null default '',
    made_at    timestamptz not null default now(),
    made_by    text not null,
    revoked_at timestamptz
);
comment on column api_key.most_held is 'Units that it may hold at a time without an order; 0 if as many as it likes.';
comment on table api_key is 'Who may call. Only a hash of the key is kept; it is shown once, when it is made.';
comment on column api_key.channels is 'Codes of the channels the key is limited to; * among them means all, none means none.';
comment on column api_key.nodes is 'Codes of the nodes the key is limited to; * among them means all, none means none.';

create table audit_entry (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    actor   text not null,
    origin  text not null,
    reason  text not null,
    act     text not null,
    subject text not null
);
comment on table audit_entry is 'What people did that is neither about an order nor stock nor configuration: keys, secrets, dead letters.';

-- ---------------------------------------------------------------------------------------------- stock

create table position (
    item_id       int not null,
    place_id      int not null,
    on_hand       int not null default 0,
    reserved      int not null default 0,
    shortage      int not null default 0,
    backorder_cap int not null default 0,
    safety_stock  int not null default 0,
    version       int not null default 0,
    counted_at    bigint not null default 0,
    moved_at      bigint not null default 0,
    primary key (item_id, place_id),
    constraint position_guard check (
        on_hand >= 0 and reserved >= 0 and shortage >= 0 and backorder_cap >= 0 and safety_stock >= 0
        and reserved <= on_hand::bigint + backorder_cap + shortage)
) with (fillfactor = 60);
comment on table position is
    'One item at one place: the guarded row. It is locked in (item_id, place_id) order and changed only under that lock.
What a node can do in a day is kept in the same way; see item_id.';
comment on column position.item_id is
    'The item''s id. Negative: not stock but a node''s capacity on a day, -item_id days after 1970-01-01; its backorder_cap
is the node''s daily capacity, and reserved are the units of the fulfilment orders that leave, or can be collected, on that day.';
comment on column position.place_id is
    'place_id % 65536 is the node''s id, place_id / 65536 what part of its units: 0 what it has, 1 in quality control,
2 damaged, 3 kept for orders that wait, from 16 on what ring-fence 1, 2 … keeps, from 16384 on what is due on a day, counted
from 2020-01-01. Place 0 is demand that has no node and no date. What 3 and ring-fences keep is on hand and reserved at the
node; their own rows say how many of those units they have.';
comment on column position.on_hand is 'Units physically there, as far as is known.';
comment on column position.reserved is 'Units that belong to live claims of orders.';
comment on column position.shortage is 'Claimed units known not to be there, declared by a count or a sale.';
comment on column position.backorder_cap is 'Units that may be claimed beyond what is on hand.';
comment on column position.safety_stock is 'Units planning leaves alone.';
comment on column position.version is 'Counts the ledger rows of this position.';
comment on column position.counted_at is
    'The moment of which the last count speaks, in microseconds since 1970; what is told of earlier moments changes nothing any more.';
comment on column position.moved_at is 'When units last came or went, likewise.';
-- What is kept by ring-fences, and due: few of many. None of it is the stock that orders lock.
create index position_kept on position ((place_id / 65536), item_id) where place_id > 65535;
create index position_shortage on position (item_id, place_id) where shortage > 0;

create table stock_ledger (
    batch_id       bigint not null,
    transaction_id bigint not null default pg_current_xact_id()::text::bigint,
    item_id        int not null,
    place_id       int not null,
    version        int not null,
    move           stock_move not null,
    on_hand_delta  int not null,
    reserved_delta int not null,
    found          int not null,
    on_hand        int not null,
    reserved       int not null,
    shortage       int not null,
    backorder_cap  int not null,
    safety_stock   int not null,
    cause_id       bigint not null,
    happened_at    timestamptz not null default now()
) partition by range (batch_id);
comment on table stock_ledger is 'Every change of every position, never altered: the deltas of a position add up to its balances.';
comment on column stock_ledger.batch_id is 'The batch that wrote it; the table is partitioned by it.';
comment on column stock_ledger.transaction_id is 'The database transaction, by which other servers follow.';
comment on column stock_ledger.version is 'Numbers the changes of one position, 1, 2, 3 …';
comment on column stock_ledger.found is
    'By how many more units had left than the books knew of; less than 0 for fewer. The sum since a count, its own included, is exact.';
comment on column stock_ledger.on_hand is 'After the change, as are reserved, shortage, backorder_cap and safety_stock.';
comment on column stock_ledger.cause_id is 'The order or the stock document; negative: the reservation.';
comment on column stock_ledger.happened_at is 'When units came, went or were counted, as the sender says; else when it was booked.';
-- For what is told late: what came and went since then.
create index stock_ledger_moved on stock_ledger (item_id, place_id, happened_at)
    where move in ('ISSUE', 'LOSE', 'CONVERT', 'SELL', 'ADJUST', 'RETURN');
-- And whether anything was found since the last count.
create index stock_ledger_found on stock_ledger (item_id, place_id, happened_at) where found <> 0;
create index stock_ledger_transaction on stock_ledger (transaction_id);

create table batch (
    id       bigint not null,
    happened boolean not null,
    at       timestamptz not null default now(),
    primary key (id)
) partition by range (id);
comment on table batch is
    'One row for each transaction of the conveyor, written in it. A server that never heard the answer to a COMMIT writes
the row itself: whoever is first decides whether the batch has happened.';
comment on column batch.happened is 'False if a server settled that the transaction has not happened and never will.';

create table stock_document (
    id          bigint not null,
    kind        stock_document_kind not null,
    reference   text not null,
    changes     int not null,
    actor       text not null,
    origin      text not null,
    reason      text not null,
    at          timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (id)
) partition by range (id);
comment on table stock_document is 'What happened to stock outside of orders: deliveries, counts, sales over a counter, settings.';
comment on column stock_document.reference is 'What the sender calls it.';

create table stock_file (
    source    text not null,
    sequence  bigint not null,
    kind      stock_document_kind not null,
    as_of     timestamptz,
    begun_at  timestamptz not null,
    ended_at  timestamptz not null,
    lines     bigint not null,
    taken     bigint not null,
    overtaken bigint not null,
    whole     boolean not null,
    primary key (source, sequence)
);
comment on table stock_file is 'Numbered files about stock that have come: from whom, and how much of each was taken.';
comment on column stock_file.overtaken is 'Lines that were told too late to change anything: a later count knew better.';
comment on column stock_file.whole is 'Whether it came to its end.';

-- ---------------------------------------------------------------------------------------------- reservations

create table reservation (
    id             bigint not null,
    version        int not null,
    state          text not null,
    channel_id     int not null,
    customer_group text not null,
    reference      text not null,
    made_at        timestamptz not null,
    until_at       timestamptz not null,
    held           jsonb not null,
    order_id       bigint not null,
    primary key (id)
) partition by range (id);
create index reservation_reference on reservation (channel_id, reference, id) where reference <> '';
comment on table reservation is 'Units held for a while for somebody who has not ordered yet.';
comment on column reservation.state is 'HELD, TAKEN (an order has the units now), RELEASED, EXPIRED.';
comment on column reservation.held is
    'Where the units are to go, and what is held of which item, at which node, out of which pool (0 is the node''s stock).';
comment on column reservation.order_id is 'The order that took the units over; 0 if none did.';

create table reservation_change (
    reservation_id bigint not null,
    version        int not null,
    state          text not null,
    at             timestamptz not null,
    actor          text not null,
    origin         text not null,
    reason         text not null,
    primary key (reservation_id, version)
) partition by range (reservation_id);
comment on table reservation_change is 'Who made, extended, gave back or took over a reservation, and when.';

-- ---------------------------------------------------------------------------------------------- inbound

create table inbound_shipment (
    id           bigint primary key,
    version      int not null,
    reference    text not null,
    kind         text not null,
    from_node_id int,
    announced_at timestamptz not null
);
comment on table inbound_shipment is 'What is expected at nodes: a purchase order, a ship notice, a transfer.';
comment on column inbound_shipment.reference is 'What its sender calls it; its key in claimed_key is of the kind SHIPMENT.';
comment on column inbound_shipment.from_node_id is 'The node that a transfer has left.';

create table inbound_line (
    shipment_id bigint not null,
    number      int not null,
    item_id     int not null,
    node_id     int not null,
    due         date not null,
    quantity    int not null,
    received    int not null,
    confidence  int not null,
    ended       boolean not null,
    primary key (shipment_id, number),
    constraint received_or_expected check (quantity >= 0 and received >= 0 and confidence between 0 and 100)
);
create index inbound_line_open on inbound_line (item_id, due) where received < quantity and not ended;
comment on column inbound_line.ended is 'Whether nothing more of it comes, whatever is missing.';
comment on column inbound_line.quantity is 'All units that come in the end, with those that have come.';
comment on column inbound_line.confidence is 'Percent of what is still to come that may be promised.';

create table inbound_change (
    shipment_id bigint not null,
    version     int not null,
    command     text not null,
    at          timestamptz not null,
    actor       text not null,
    origin      text not null,
    reason      text not null,
    primary key (shipment_id, version)
);
comment on table inbound_change is 'Who announced, changed or received a shipment, and when.';

-- ---------------------------------------------------------------------------------------------- orders

create table claimed_key (
    kind        text not null,
    key         text not null,
    owner_id    bigint not null,
    fingerprint bigint not null,
    primary key (kind, key)
);
create index claimed_key_alike on claimed_key (fingerprint) where kind = 'ALIKE';
comment on table claimed_key is 'What may happen once: a channel''s order number, a request''s idempotency key. First come, first served. And what orders that are alike have in common.';
comment on column claimed_key.owner_id is 'The order or stock document that came of it.';
comment on column claimed_key.fingerprint is 'Of the content: the same may come again, another is refused. Of orders that are alike: when the first was placed, in seconds since 1970.';

create table orders (
    id              bigint not null,
    version         int not null,
    status          order_status not null,
    channel_id      int not null,
    external_id     text not null,
    customer        text not null,
    currency        char(3) not null,
    total           bigint not null,
    priority        int not null,
    lines           int not null,
    placed_at       timestamptz not null,
    flow            text not null,
    flow_version    int not null,
    step            text not null,
    step_entered_at timestamptz not null,
    exception       text,
    exception_kind  text,
    exception_owner text,
    exception_look_by timestamptz,
    holds           text,
    closed          boolean not null,
    primary key (id)
) partition by range (id);
comment on table orders is 'One row an order, as its events in order_journal leave it.';
comment on column orders.version is 'How many events it has had.';
comment on column orders.status is 'A function of its units.';
comment on column orders.external_id is 'What the channel calls it; unique within the channel (see claimed_key).';
comment on column orders.customer is 'The channel''s id of the customer.';
comment on column orders.total is 'Minor units of the currency, without what was cancelled.';
comment on column orders.step is 'Where it is in its flow; not a status.';
comment on column orders.exception is 'Why a person must look at it; null if nobody must.';
comment on column orders.holds is 'The types of the holds that stand, with a comma before and after each; null if nothing holds it.';
comment on column orders.exception_owner is 'Who looks at it; empty if nobody has taken it.';
comment on column orders.exception_look_by is 'Until when somebody must have looked at it.';
-- What is open is few of many. Nothing in here changes while an order is open, so that its updates stay heap-only.
create index orders_open on orders (channel_id, id) include (placed_at) where not closed;

create table journey (
    order_id   bigint not null,
    part       text not null,
    flow       text not null,
    version    int not null,
    step       text not null,
    entered_at timestamptz not null,
    primary key (order_id, part)
) partition by range (order_id);
comment on table journey is 'Where fulfilment orders and returns are on flows of their own, while they are under way.';
comment on column journey.part is 'fulfilment-order-1, return-1 and so on.';
create index journey_flow on journey (flow, version, order_id);

create table order_line (
    order_id    bigint not null,
    number      int not null,
    item_id     int not null,
    ship_group  int not null,
    sent        boolean not null,
    pick_up_node int,
    splittable  boolean not null,
    unit_price  bigint not null,
    discount    bigint not null,
    tax         bigint not null,
    shipping    bigint not null,
    kit_id      int,
    ordered     int not null,
    open        int not null,
    backordered int not null,
    allocated   int not null,
    released    int not null,
    picked      int not null,
    packed      int not null,
    shipped     int not null,
    collected   int not null,
    returned    int not null,
    cancelled   int not null,
    primary key (order_id, number),
    constraint units_add_up check (
        ordered = open + backordered + allocated + released + picked + packed + shipped + collected + returned
                  + cancelled)
) partition by range (order_id);
comment on table order_line is 'One item in one quantity. The unit counters say where its units are now and add up to ordered.';
comment on column order_line.sent is 'Whether any node that sends may give it; if not, only the one where it is collected may.';
comment on column order_line.pick_up_node is 'The node to which its customer comes; null if nobody does.';
comment on column order_line.unit_price is 'Minor units; discount, tax and shipping are for the whole line.';
comment on column order_line.discount is 'The line''s own and its share of the order''s.';
comment on column order_line.kit_id is 'The item of which it is a part, if that was ordered as a kit.';
comment on column order_line.open is 'Units no node has been chosen for.';
comment on column order_line.backordered is 'Units that wait for stock.';

create index order_line_backordered on order_line (item_id, order_id) where backordered > 0;

create table promised_unit (
    order_id     bigint not null,
    line         int not null,
    item_id      int not null,
    node_id      int not null,
    quantity     int not null,
    capacity_day date
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
comment on table promised_unit is
    'Open units of an order that a node keeps for it, taken over from a reservation, until the order is sourced; of node 0, those that are waited for.';
create index promised_unit_order on promised_unit (order_id);

create table fulfilment_order (
    order_id    bigint not null,
    number      int not null,
    node_id     int not null,
    ship_group  int not null,
    method      fulfilment_method not null,
    status      fulfilment_status not null,
    dispatch_by timestamptz not null,
    capacity_day date,
    store_id    int,
    primary key (order_id, number)
) partition by range (order_id);
comment on table fulfilment_order is 'One node''s unit of work for an order.';
comment on column fulfilment_order.dispatch_by is 'When it must have left, by the node''s calendar; or from when on it can be collected, or its customer comes.';
comment on column fulfilment_order.capacity_day is
    'The day on which its units take up capacity of the node; null if the node''s capacity has no limit.';
comment on column fulfilment_order.store_id is 'To which it is sent for the customer to collect; null if it is not.';
create index fulfilment_order_to_store on fulfilment_order (store_id, order_id)
    where store_id is not null
          and status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY', 'HANDED_OVER');
create index fulfilment_order_open on fulfilment_order (node_id, order_id)
    where status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY');

create table date_promise (
    order_id   bigint not null,
    ship_group int not null,
    channel_id int not null,
    earliest   date not null,
    latest     date not null,
    confidence int,
    primary key (order_id, ship_group)
) partition by range (order_id);
create index date_promise_latest on date_promise (latest);
comment on table date_promise is 'The days a customer was told for a ship group of an order.';
comment on column date_promise.confidence is 'Per cent, as it was told; null if it was not.';

create table pick_up_slot (
    order_id   bigint not null,
    ship_group int not null,
    node_id    int not null,
    from_at    timestamptz not null,
    day        date not null,
    minute     int not null,
    primary key (order_id, ship_group)
) partition by range (order_id);
comment on table pick_up_slot is 'When customers come to collect, of what was not called off as a whole.';
comment on column pick_up_slot.minute is 'Of the day in the node''s own zone: position is claimed at its place 1 + minute.';

create table arrival (
    order_id   bigint not null,
    number     int not null,
    node_id    int not null,
    service    text not null,
    zone       int not null,
    earliest   date,
    latest     date,
    arrived_on date not null,
    primary key (order_id, number)
) partition by range (order_id);
create index arrival_arrived_on on arrival (arrived_on);
comment on table arrival is
    'What a fulfilment order sent is where it was to go, or can be collected; and when it should have been.';
comment on column arrival.service is 'The carrier service; empty if it is collected, or none was chosen.';
comment on column arrival.latest is 'By the calendars, from the day on which it was to leave; null if nothing is to be known.';

create table fulfilment_line (
    order_id  bigint not null,
    number    int not null,
    line      int not null,
    item_id   int not null,
    allocated int not null,
    released  int not null,
    picked    int not null,
    packed    int not null,
    shipped   int not null,
    collected int not null,
    returned  int not null,
    cancelled int not null,
    primary key (order_id, number, line)
) partition by range (order_id);
comment on table fulfilment_line is 'What a fulfilment order holds of an order line: its units by state.';
comment on column fulfilment_line.number is 'The fulfilment order''s.';
comment on column fulfilment_line.line is 'The order line''s.';

create table order_journal (
    order_id     bigint not null,
    version_from int not null,
    version_to   int not null,
    at           timestamptz not null,
    recorded_at  timestamptz not null default now(),
    actor        text not null,
    origin       text not null,
    command      text not null,
    reason       text not null,
    events       text not null,
    transaction_id bigint not null default pg_current_xact_id()::text::bigint,
    primary key (order_id, version_to)
) partition by range (order_id);
create index order_journal_transaction on order_journal (transaction_id);
-- Rows come in the order of their time, nearly: so little is enough to find an hour by, and it costs writers nothing.
create index order_journal_at on order_journal using brin (at) with (pages_per_range = 32);
comment on table order_journal is
    'The record: one row a command, with the events it led to, who asked, when, from where and why. Never altered.';
comment on column order_journal.version_from is 'The number of the first of its events; they are numbered 1, 2, 3 … within an order.';
comment on column order_journal.at is 'Business time; recorded_at is the database''s.';
comment on column order_journal.transaction_id is
    'Which transaction wrote it. Whoever follows reads up to the oldest that is still running, and misses nothing.';
comment on column order_journal.events is 'A JSON array; events::jsonb reads it.';

create table sourcing_record (
    order_id        bigint not null,
    run             int not null,
    network_version bigint not null,
    cost            bigint not null,
    bound           bigint not null,
    proven          boolean not null,
    inputs          bytea not null,
    primary key (order_id, run)
) partition by range (order_id);
comment on table sourcing_record is 'Why these nodes: the inputs of every sourcing run, from which the same plan can be computed again.';
comment on column sourcing_record.cost is 'Of the plan, in millionths of a minor unit; no plan costs less than bound.';

create table contact (
    order_id   bigint not null,
    ship_group int not null,
    name       text not null,
    street     text not null,
    city       text not null,
    region     text not null,
    postcode   text not null,
    country    text not null,
    email      text not null,
    phone      text not null,
    primary key (order_id, ship_group)
) partition by range (order_id);
comment on column contact.street is 'Its lines, separated by line feeds.';
comment on table contact is 'Who receives a ship group. All that is personal about an order is here and nowhere else.';

create table due_work (
    aggregate_id bigint primary key,
    due_at       timestamptz not null
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
comment on table due_work is 'When an order or a reservation must be looked at again.';
comment on column due_work.aggregate_id is 'An order''s id; negative: that of a reservation.';
create index due_work_due_at on due_work (due_at);

-- ---------------------------------------------------------------------------------------------- effects

create table destination (
    code            text primary key,
    url             text not null,
    ability         text not null,
    timeout_seconds int not null,
    at_once         int not null,
    most_attempts   int not null,
    inside          boolean not null,
    contacts        boolean not null
);
comment on column destination.contacts is 'Whether it is told who receives an order.';
comment on table destination is 'Services outside that flows call.';
comment on column destination.ability is
    'What can be done when an answer is lost: keyed (the same key again has the same effect), look-up (it can be asked what
became of a key), neither (a person finds out).';
comment on column destination.at_once is 'How many calls may be under way on one server.';
comment on column destination.inside is 'Whether it may be at an address of a private network.';

create table effect (
    order_id    bigint not null,
    number      int not null,
    destination text not null,
    state       text not null default 'due',
    due_at      timestamptz not null default now(),
    token       bigint not null default 0,
    attempts    int not null default 0,
    intended_at timestamptz not null default now(),
    detail      text not null default '',
    answer_key  uuid not null default gen_random_uuid(),
    primary key (order_id, number)
) with (fillfactor = 80);
comment on table effect is
    'What services outside are to be asked, written in the transaction that decided it and done afterwards.';
comment on column effect.state is
    'due (to be asked, or asked again), unknown (asked, or about to be, and nobody knows what became of it), asked (its
answer comes by itself), answered, stuck (a person must find out).';
comment on column effect.due_at is 'When somebody may take it up. Whoever does moves it on first: so it is a lease as well.';
comment on column effect.answer_key is 'Who shows it may say what became of this effect; the service is told it when it is asked.';
comment on column effect.token is 'Counts how often it was taken up: a server that was away for too long cannot write any more.';
create index effect_due on effect (destination, due_at) where state <> 'answered';

-- ---------------------------------------------------------------------------------------------- events out

create table subscription (
    code            text primary key,
    url             text not null,
    events          text[] not null,
    channels        text[] not null,
    timeout_seconds int not null,
    at_once         int not null,
    most_attempts   int not null,
    inside          boolean not null
);
comment on table subscription is 'Who is told outside what happens to orders. Empty lists mean all.';

create table signing_secret (
    receiver text not null,
    code     text not null,
    number   bigint generated always as identity,
    secret   text not null,
    made_at  timestamptz not null default now(),
    primary key (receiver, code, number)
);
comment on table signing_secret is
    'What the hub signs with: for each of those it sends to the two newest, so that one can be replaced.';
comment on column signing_secret.receiver is 'subscription (events), destination (calls).';

create table subscription_progress (
    subscription   text primary key,
    transaction_id bigint not null,
    order_id       bigint not null,
    version        int not null,
    free_at        timestamptz not null default now(),
    token          bigint not null default 0,
    failures       int not null default 0,
    failing_since  timestamptz,
    detail         text not null default ''
) with (fillfactor = 50);
comment on table subscription_progress is 'Up to where each has been told of order_journal, but for what is in delivery.';
comment on column subscription_progress.free_at is
    'When somebody may take it up. Whoever does moves it on first; while it cannot be reached it is left alone until then.';
comment on column subscription_progress.token is 'Counts how often it was taken up: who was away for too long cannot write any more.';

create table delivery (
    subscription text not null,
    order_id     bigint not null,
    version      int not null,
    state        text not null default 'waiting',
    due_at       timestamptz not null default now(),
    since        timestamptz not null default now(),
    attempts     int not null default 0,
    detail       text not null default '',
    primary key (subscription, order_id, version)
) with (fillfactor = 80);
comment on table delivery is 'Events that a subscription could not be told yet, and those that were given up on.';
comment on column delivery.version is 'The event''s number within its order.';
comment on column delivery.state is 'waiting (to be sent again, an order''s events in their order), dead (given up on).';
create index delivery_waiting on delivery (subscription, due_at) where state = 'waiting';

-- ---------------------------------------------------------------------------------------------- search

create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

create table order_search (
    order_id    bigint primary key,
    channel_id  int not null,
    placed_at   timestamptz not null,
    external_id text not null,
    customer    text not null,
    total       bigint not null,
    items       int[] not null,
    nodes       int[] not null,
    words       text[] not null
);
comment on table order_search is
    'By what orders are found. Follows order_journal a moment behind, outside of the orders'' transactions.';
comment on column order_search.words is
    'What can be typed to find it: the words of its numbers, its items and its contacts, with which they are erased.';
-- How common a word is decides how its orders are best found.
alter table order_search alter column words set statistics 300;
create index order_search_placed_at on order_search (placed_at, order_id);
create index order_search_total on order_search (total, order_id);
create index order_search_channel on order_search (channel_id, order_id);
create index order_search_external_id on order_search (external_id);
create index order_search_customer on order_search (customer, order_id) where customer <> '';
create index order_search_sets on order_search using gin (items, nodes, words);

create table search_word (
    word text primary key
);
comment on table search_word is
    'Each word without digits that an order is found by, once: to find what was meant by a misspelt one.';
create index search_word_like on search_word using gin (word gin_trgm_ops);

-- Those among these words that search_word should have and has not.
create function words_to_learn(words text[]) returns setof text stable language sql as $$
    select distinct new.word from unnest(words) as new (word)
    where new.word !~ '[0-9@]' and not exists (select from search_word known where known.word = new.word)
    order by new.word
$$;

create index orders_holds on orders (id) where holds is not null;
create index orders_exception on orders (id) where exception is not null;
-- The states that few are in: most orders are on their way, or have arrived.
create index orders_uncommon on orders (status, id)
    where status in ('ACCEPTED', 'BACKORDERED', 'ALLOCATED', 'PARTLY_FULFILLED', 'RETURNED', 'CANCELLED');

create table order_search_progress (
    only_one       boolean primary key default true check (only_one),
    transaction_id bigint not null,
    order_id       bigint not null,
    version        int not null
);
comment on table order_search_progress is 'Up to where order_search follows order_journal.';
insert into order_search_progress (transaction_id, order_id, version) values (0, 0, 0);

create table lease (
    name   text primary key,
    holder text not null,
    until  timestamptz not null
);
comment on table lease is 'What one server alone does at a time: who, and until when if they say nothing more.';

-- ---------------------------------------------------------------------------------------------- partitions

create function partition_size() returns bigint immutable language sql as 'select 5000000::bigint';

-- Makes the partitions for all numbers up to this one. Attaching takes no lock that readers or writers wait for.
create function ensure_partitions(up_to bigint) returns void language plpgsql as $$
declare
    parent text;
    n bigint;
    child text;
begin
    n := up_to / partition_size();
    if to_regclass('orders_' || n) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(7203, 1);
    for i in greatest(0, n - 1) .. n loop
        if to_regclass('orders_' || i) is null then
            foreach parent in array array['batch', 'stock_ledger', 'stock_document', 'reservation', 'reservation_change', 'order_line', 'fulfilment_order',
                    'fulfilment_line', 'date_promise', 'pick_up_slot', 'arrival', 'journey', 'order_journal', 'sourcing_record', 'contact', 'orders'] loop
                child := parent || '_' || i;
                execute format('create table %I (like %I including defaults including constraints)', child, parent);
                execute format('alter table %I attach partition %I for values from (%s) to (%s)',
                    parent, child, i * partition_size(), (i + 1) * partition_size());
            end loop;
            -- What its index over time has not summarised yet is read whole.
            execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0, '
                'autovacuum_vacuum_insert_threshold = 200000)', 'order_journal_' || i);
            execute format('alter table %I set (fillfactor = 85)', 'orders_' || i);
            execute format('alter table %I set (fillfactor = 85)', 'order_line_' || i);
            execute format('alter table %I set (fillfactor = 85)', 'fulfilment_order_' || i);
            execute format('alter table %I set (fillfactor = 85)', 'fulfilment_line_' || i);
            execute format('alter table %I set (fillfactor = 85)', 'journey_' || i);
        end if;
    end loop;
end
$$;

-- The first of the next thousand numbers. None is handed out before its partitions, and the next ones, are there.
create function take_ids() returns bigint language plpgsql as $$
declare
    first bigint := nextval('hub_id');
begin
    perform ensure_partitions(first + 1000 + partition_size() / 10);
    return first;
end
$$;

select ensure_partitions(0);
select ensure_partitions(partition_size());
