package dev.tutti.server.engine;

import dev.tutti.conveyor.Audit;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.inventory.Item;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.MasterData.Change;
import dev.tutti.postgres.MasterData.Outcome;
import dev.tutti.postgres.MasterData.StoredFlow;
import dev.tutti.postgres.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is sold, from where, through which channels and how orders travel, in memory.
 *
 * <p>Kept fresh by asking for the newest version whenever another server says that something is new, and now and then;
 * what is not known here is looked for in the database before it is called unknown, so that another server's new items
 * can be ordered at once.
 */
public final class Catalogue {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final MasterData data;
    private final Runnable changed;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private volatile @Nullable String[] skus = new String[1024];
    private int lastItem;
    private final Function<StoredFlow, Flow> readFlow;
    private final Map<String, Flow> readFlows = new ConcurrentHashMap<>();
    private volatile Network network;
    private volatile Flows flows;
    private volatile List<Destination> destinations;
    private volatile List<Subscription> subscriptions;
    private volatile long version;

    /**
     * @param readFlow understands a flow as it was stored
     * @param changed is run when something was changed here
     */
    Catalogue(MasterData data, Function<StoredFlow, Flow> readFlow, Runnable changed) {
        this.data = data;
        this.readFlow = readFlow;
        this.changed = changed;
        this.version = data.version();
        this.network = data.network();
        this.flows = flows(data.flows());
        this.destinations = data.destinations();
        this.subscriptions = data.subscriptions();
        learnItems();
    }

    public Network network() {
        return network;
    }

    public Flows flows() {
        return flows;
    }

    /** Services outside that flows call. */
    public List<Destination> destinations() {
        return destinations;
    }

    /** Who is told outside what happens. */
    public List<Subscription> subscriptions() {
        return subscriptions;
    }

    /** With those that are built in. */
    public Flows flows(List<StoredFlow> stored) {
        List<Flow> all = new ArrayList<>(StandardFlows.all());
        for (StoredFlow flow : stored) {
            Flow read = read(flow);
            if (read != null) {
                all.add(read);
            }
        }
        return new Flows(all, this::laterFlow);
    }

    /** A version never changes, so it is read once. One that cannot be read must not keep a server from its work. */
    private @Nullable Flow read(StoredFlow flow) {
        try {
            return readFlows.computeIfAbsent(flow.name() + " " + flow.version(), key -> readFlow.apply(flow));
        } catch (RuntimeException e) {
            LOG.error("ALARM: version {} of flow {} cannot be read", flow.version(), flow.name(), e);
            return null;
        }
    }

    /** An order may come from a server that knew a new version before this one did. */
    private @Nullable Flow laterFlow(String name, int flowVersion) {
        return data.flows().stream()
                .filter(flow -> flow.name().equals(name) && flow.version() == flowVersion)
                .findFirst()
                .map(this::read)
                .orElse(null);
    }

    /** An item's number, or −1 if there is no such SKU. */
    public int item(String sku) {
        Integer known = numbers.get(sku);
        if (known != null) {
            return known;
        }
        Item item = data.item(sku);
        if (item == null) {
            return -1;
        }
        learn(sku, item.id().value());
        return item.id().value();
    }

    /** The SKU of an item that orders or stock speak of. */
    public String sku(int item) {
        @Nullable String[] known = skus;
        String sku = item < known.length ? known[item] : null;
        if (sku == null) {
            learnItems();
            known = skus;
            sku = item < known.length ? known[item] : null;
        }
        return sku == null ? "item " + item : sku;
    }

    public @Nullable Item itemOf(String sku) {
        return data.item(sku);
    }

    public List<Item> items(String afterSku, int limit) {
        return data.items(afterSku, limit);
    }

    public @Nullable Node node(String code) {
        Node node = network.node(code);
        if (node == null) {
            refresh();
            node = network.node(code);
        }
        return node;
    }

    public @Nullable Channel channel(String code) {
        Channel channel = network.channel(code);
        if (channel == null) {
            refresh();
            channel = network.channel(code);
        }
        return channel;
    }

    public Outcome putItems(List<Item> items, Audit audit) {
        Outcome outcome = data.putItems(items, audit);
        refresh();
        changed.run();
        return outcome;
    }

    public void putNodes(List<Node> nodes, Audit audit) {
        data.putNodes(nodes, audit);
        refresh();
        changed.run();
    }

    public void putChannels(List<Channel> channels, Audit audit) {
        data.putChannels(channels, audit);
        refresh();
        changed.run();
    }

    public boolean removeSubscription(String code, Audit audit) {
        boolean was = data.removeSubscription(code, audit);
        refresh();
        changed.run();
        return was;
    }

    /** As the three before, in one version. */
    public Outcome apply(Change change, Audit audit) {
        Outcome outcome = data.apply(change, audit);
        refresh();
        changed.run();
        return outcome;
    }

    /**
     * Looks whether another server has changed something.
     *
     * @return whether it has
     */
    synchronized boolean refresh() {
        long newest = data.version();
        if (newest == version) {
            return false;
        }
        Network read = data.network();
        if (read.version() != network.version()) {
            // The flows first: a channel may name one that has come with it.
            flows = flows(data.flows());
            network = read;
        }
        destinations = data.destinations();
        subscriptions = data.subscriptions();
        version = newest;
        learnItems();
        return true;
    }

    /** The greatest number an item has here. */
    synchronized int lastItem() {
        return lastItem;
    }

    private synchronized void learnItems() {
        data.skus(lastItem, (sku, number) -> {
            learn(sku, number);
            lastItem = number;
        });
    }

    private synchronized void learn(String sku, int number) {
        if (number >= skus.length) {
            skus = Arrays.copyOf(skus, Math.max(number + 1, skus.length * 2));
        }
        skus[number] = sku;
        numbers.put(sku, number);
    }
}
