package dev.tutti.postgres;

import dev.tutti.promise.Reliability;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What was promised, against what happened. */
public final class ArrivalReads {
    private final DataSource database;

    ArrivalReads(DataSource database) {
        this.database = database;
    }

    /** What arrived between two days, both included, and was to be there by a day that is known. */
    public List<Reliability.Arrivals> between(LocalDate from, LocalDate to) {
        List<Reliability.Arrivals> arrivals = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select service, zone, node_id, count(*), count(*) filter (where arrived_on <= latest)
                        from arrival
                        where arrived_on between ? and ? and latest is not null
                        group by service, zone, node_id
                        order by service, zone, node_id
                        """)) {
            select.setObject(1, from);
            select.setObject(2, to);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    arrivals.add(new Reliability.Arrivals(
                            row.getString(1), row.getInt(2), row.getInt(3), row.getLong(4), row.getLong(5)));
                }
            }
            return arrivals;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * What became of promises that were told with like confidence.
     *
     * @param confidence the least of them, in per cent; null if none was told
     * @param told the mean of what was told
     * @param kept of which all was there by the latest day
     * @param late of which something came later, or is known not to have been sent by then
     * @param unknown of which nobody has said that it arrived
     * @param middle of those that have come whole, how many days after the latest day half had; negative if before
     * @param ninth of those, how many days after the latest day nine tenths had
     */
    public record Outcome(
            @Nullable Integer confidence,
            double told,
            long promises,
            long kept,
            long late,
            long unknown,
            @Nullable Integer middle,
            @Nullable Integer ninth) {}

    /**
     * Promises for days between two, both included, whose ship groups were not called off, in steps of five per cent.
     *
     * @param channel of whose orders; 0 for all
     */
    public List<Outcome> outcomes(LocalDate from, LocalDate to, int channel) {
        List<Outcome> outcomes = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        with promised as (
                            select p.confidence, p.latest, units.nowhere + parcel.here > 0 as missing, parcel.sent,
                                   parcel.arrived, parcel.last
                            from date_promise p
                            cross join lateral (
                                select sum(ordered - cancelled) as wanted,
                                       sum(open + backordered) as nowhere
                                from order_line l
                                where l.order_id = p.order_id and l.ship_group = p.ship_group) units
                            cross join lateral (
                                select count(*) as sent, count(a.arrived_on) as arrived, max(a.arrived_on) as last,
                                       count(*) filter (where f.status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS')
                                                        or (f.status = 'READY' and f.method <> 'PICK_UP')) as here
                                from fulfilment_order f
                                left join arrival a on a.order_id = f.order_id and a.number = f.number
                                where f.order_id = p.order_id and f.ship_group = p.ship_group
                                      and (f.status <> 'CANCELLED' or a.arrived_on is not null)) parcel
                            where p.latest between ? and ? and (? = 0 or p.channel_id = ?) and units.wanted > 0
                        ), known as (
                            select confidence / 5 * 5 as step, confidence,
                                   sent = arrived and sent > 0 and not missing as whole,
                                   last - latest as days,
                                   coalesce(last > latest, false) or (missing and latest < ?) as late
                            from promised
                        )
                        select step, coalesce(avg(confidence), 0), count(*),
                               count(*) filter (where whole and not late),
                               count(*) filter (where late),
                               count(*) filter (where not whole and not late),
                               percentile_disc(0.5) within group (order by days) filter (where whole),
                               percentile_disc(0.9) within group (order by days) filter (where whole)
                        from known
                        group by step
                        order by step nulls first
                        """)) {
            select.setObject(1, from);
            select.setObject(2, to);
            select.setInt(3, channel);
            select.setInt(4, channel);
            select.setObject(5, LocalDate.now(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    outcomes.add(new Outcome(
                            row.getObject(1, Integer.class),
                            row.getDouble(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getObject(7, Integer.class),
                            row.getObject(8, Integer.class)));
                }
            }
            return outcomes;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
