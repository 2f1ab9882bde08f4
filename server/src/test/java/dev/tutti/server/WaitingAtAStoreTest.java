package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What comes to a store, or becomes free there, is for those who may have it there, however long others have waited. */
class WaitingAtAStoreTest {
    private TestHub hub;
    private Http admin;

    @BeforeEach
    void start() {
        hub = TestHub.start().withMasterData();
        admin = hub.admin();
        // Who begins to wait is asked once more, soon after, if there is any: here always in vain, and never again.
        store("ELSEWHERE", "");
        hub.withStock("A", "ELSEWHERE", 1);
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(hub.violations()).isEmpty();
        hub.close();
    }

    private void store(String code, String more) {
        Configured.apply(hub, """
                nodes:
                  - code: %s
                    type: store
                    ships: false
                    %s
                    calendar: {zone: Europe/Berlin, cutOff: '23:59'}
                    handling:
                      pickUp:
                        leadMinutes: 0
                        hours: [{days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], from: '00:00', to: '00:00'}]
                """.formatted(code, more));
    }

    private String order(String externalId, String method, String store) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"%s","currency":"EUR",
                 "shipGroups":[{"method":"%s","pickUpNode":"%s"}],
                 "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}
                """.formatted(externalId, method, store));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.text("id");
    }

    /** Five units that are collected together or not at all. */
    private String wholeOrder(String externalId, String store) {
        Http.Reply reply = admin.json("POST", "/v1/orders", """
                {"channel":"web","externalId":"%s","currency":"EUR",
                 "shipGroups":[{"method":"pick-up","pickUpNode":"%s"}],
                 "lines":[{"sku":"A","quantity":5,"unitPrice":100,"splittable":false}]}
                """.formatted(externalId, store));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.text("id");
    }

    private String state(String order) {
        return admin.get("/v1/orders/" + order).json().at("/lines/0/units").toString();
    }

    private void comesToBe(String order, String state) throws InterruptedException {
        for (int i = 0; i < 300 && !state(order).contains(state); i++) {
            Thread.sleep(100);
        }
        assertThat(state(order)).contains(state);
    }

    /** Why what was kept for those who wait was not kept any longer, and how many units of it. */
    private List<String> givenBack() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(hub.url());
        List<String> reasons = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select d.reason || ': ' || -l.on_hand_delta
                        from stock_document d
                        join stock_ledger l on l.cause_id = d.id and l.move = 'WITHDRAW'
                        where d.reference = 'waking'
                        order by d.id
                        """)) {
            while (row.next()) {
                reasons.add(row.getString(1));
            }
            return reasons;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void stockWakesWhoMayHaveItThere() throws InterruptedException {
        store("HERE", "");
        store("THERE", "");
        List<String> there = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            there.add(order("there-" + i, "pick-up", "THERE"));
        }
        there.add(order("sent", "ship-to-store", "THERE"));
        String here = order("here", "pick-up", "HERE");
        String sentHere = order("sent-here", "ship-to-store", "HERE");
        comesToBe(sentHere, "backordered");

        hub.withStock("A", "HERE", 2);

        comesToBe(here, "released");
        comesToBe(sentHere, "released");
        there.forEach(order -> assertThat(state(order)).contains("backordered"));
    }

    @Test
    void whatNobodyMayHaveWhereItComesIsNotKept() throws InterruptedException {
        store("HERE", "");
        store("THERE", "");
        for (int i = 0; i < 20; i++) {
            comesToBe(order("there-" + i, "pick-up", "THERE"), "backordered");
        }
        String here = order("here", "pick-up", "HERE");
        comesToBe(here, "backordered");

        hub.withStock("A", "HERE", 6);

        comesToBe(here, "released");
        for (int i = 0; i < 300 && givenBack().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(givenBack()).containsExactly("who waits cannot have it where it came: 5");
    }

    @Test
    void whatComesToTwoStoresAtOnceIsForThoseOfBoth() throws InterruptedException {
        store("HERE", "");
        store("THERE", "");
        List<String> there = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            there.add(order("there-" + i, "pick-up", "THERE"));
            comesToBe(there.getLast(), "backordered");
        }

        Http.Reply reply = admin.ndjson("/v1/stock/snapshot", """
                {"sku":"A","node":"HERE","quantity":2}
                {"sku":"A","node":"THERE","quantity":3}
                """);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);

        for (String order : there) {
            comesToBe(order, "released");
        }
    }

    @Test
    void whatIsOfNoUseToOneIsForTheNext() throws InterruptedException {
        store("HERE", "");
        hub.withStock("A", "HERE", 1);
        String first = order("first", "pick-up", "HERE");
        comesToBe(first, "released");
        String whole = wholeOrder("whole", "HERE");
        comesToBe(whole, "backordered");
        String next = order("next", "pick-up", "HERE");
        comesToBe(next, "backordered");

        assertThat(admin.json("POST", "/v1/orders/" + first + "/cancel", "{\"reason\":\"ill\"}")
                        .status())
                .isEqualTo(200);

        comesToBe(next, "released");
        assertThat(state(whole)).contains("backordered");
    }

    /** Both units are free at once; who has waited longest has no use for any, and the next could have either. */
    @Test
    void whatIsFreeAtTwoNodesIsForTwo() throws InterruptedException {
        store("HERE", "");
        store("FAR", "");
        Configured.apply(hub, "nodes: [{code: HERE, type: store, ships: true}, {code: FAR, type: store, ships: true}]");
        hub.withStock("A", "HERE", 1).withStock("A", "FAR", 1);
        String both = admin.json("POST", "/v1/orders", """
                        {"channel":"web","externalId":"both","currency":"EUR",
                         "shipGroups":[{"method":"pick-up","pickUpNode":"HERE"},{"method":"pick-up","pickUpNode":"FAR"}],
                         "lines":[{"sku":"A","quantity":1,"unitPrice":100,"shipGroup":1},
                                  {"sku":"A","quantity":1,"unitPrice":100,"shipGroup":2}]}
                        """).text("id");
        comesToBe(both, "released");
        comesToBe(wholeOrder("whole", "FAR"), "backordered");
        String sent = order("sent", "ship-to-store", "FAR");
        comesToBe(sent, "backordered");
        String here = order("here", "pick-up", "HERE");
        comesToBe(here, "backordered");

        assertThat(admin.json("POST", "/v1/orders/" + both + "/cancel", "{\"reason\":\"ill\"}")
                        .status())
                .isEqualTo(200);

        comesToBe(sent, "released");
        comesToBe(here, "released");
    }

    /** What is free at last is had by one who is behind many that have no use for it. */
    @Test
    void whoeverHasUseForItMayBeFarBehind() throws InterruptedException {
        store("HERE", "");
        for (int i = 0; i < 40; i++) {
            wholeOrder("whole-" + i, "HERE");
        }
        String behind = order("behind", "pick-up", "HERE");
        comesToBe(behind, "backordered");

        hub.withStock("A", "HERE", 1);

        comesToBe(behind, "released");
    }

    @Test
    void whatSafetyStockLetsGoWakesWhoWaits() throws InterruptedException {
        store("HERE", "");
        hub.withStock("A", "HERE", 2);
        Http.Reply kept = admin.ndjson("/v1/stock/settings", "{\"sku\":\"A\",\"node\":\"HERE\",\"safetyStock\":2}");
        assertThat(kept.status()).as(kept.text()).isEqualTo(200);
        String order = order("here", "pick-up", "HERE");
        comesToBe(order, "backordered");
        // Soon after it began to wait it is asked once more, in vain.
        Thread.sleep(500);

        assertThat(admin.ndjson("/v1/stock/settings", "{\"sku\":\"A\",\"node\":\"HERE\",\"safetyStock\":0}")
                        .status())
                .isEqualTo(200);

        comesToBe(order, "released");
    }

    @Test
    void capacityWakesWhoWaitsForIt() throws InterruptedException {
        store("HERE", "dailyCapacity: 1");
        store("THERE", "dailyCapacity: 0");
        hub.withStock("A", "HERE", 100).withStock("A", "THERE", 100);
        List<String> there = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            there.add(order("there-" + i, "pick-up", "THERE"));
        }
        List<String> here = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            here.add(order("here-" + i, "pick-up", "HERE"));
        }
        assertThat(state(here.get(10))).contains("released");
        assertThat(state(here.getLast())).contains("backordered");

        assertThat(admin.json("POST", "/v1/orders/" + here.getFirst() + "/cancel", "{\"reason\":\"ill\"}")
                        .status())
                .isEqualTo(200);

        comesToBe(here.getLast(), "released");
        there.forEach(order -> assertThat(state(order)).contains("backordered"));
    }

    /** More days are within reach than before. */
    @Test
    void aCalendarWakesWhoWaitsForCapacity() throws InterruptedException {
        String store = "nodes: [{code: HERE, type: store, ships: false, dailyCapacity: 1, calendar: "
                + "{zone: Europe/Berlin, cutOff: '23:59', workdays: [%s]}}]";
        Configured.apply(hub, store.formatted("monday"));
        hub.withStock("A", "HERE", 100);
        List<String> here = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            here.add(order("here-" + i, "ship-to-store", "HERE"));
        }
        comesToBe(here.getLast(), "backordered");

        Configured.apply(hub, store.formatted("monday, tuesday, wednesday, thursday, friday, saturday, sunday"));

        comesToBe(here.get(11), "released");
    }

    /** As if the server that took the change had died before it asked anybody. */
    @Test
    void whatNobodyWasAskedForIsOfferedByWhoeverComesAfter() throws Exception {
        store("HERE", "dailyCapacity: 1");
        hub.withStock("A", "HERE", 100);
        List<String> here = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            here.add(order("here-" + i, "pick-up", "HERE"));
        }
        comesToBe(here.getLast(), "backordered");
        hub.server().close();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(hub.url());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update node set daily_capacity = 20 where code = 'HERE'"))
                    .isEqualTo(1);
        }

        try (Server after = hub.another()) {
            admin = admin.at(after.port());
            comesToBe(here.getLast(), "released");
        }
    }
}
