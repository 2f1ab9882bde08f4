package dev.tutti.server.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the retailer sells, the same in every run: names, prices, how popular each is (Zipf: the second sells half as often
 * as the first, the third a third), and who keeps how much of it.
 */
final class Assortment {
    private static final long SEED = 20_260_101;
    private static final int DC_UNITS = 30_000;
    private static final int LEAST_AT_DC = 8;
    private static final int DC_PERCENT = 88;
    private static final int STORE_PERCENT = 15;

    private static final List<Department> DEPARTMENTS = List.of(
            new Department(
                    "APP",
                    "apparel",
                    "crew sweater,rain jacket,oxford shirt,chino,wool scarf,ankle sock,fleece vest,linen dress,denim skirt,down parka,knit beanie,leather belt,running tight"),
            new Department(
                    "HOM",
                    "home",
                    "throw blanket,floor lamp,picture frame,wall clock,scented candle,door mat,cushion cover,laundry basket,curtain panel,side table,bath towel,storage box,duvet cover"),
            new Department(
                    "OUT",
                    "outdoor",
                    "day pack,sleeping bag,head torch,camp stove,trekking pole,water bottle,dry bag,picnic rug,hammock,folding chair,two-person tent,enamel mug,fire starter"),
            new Department(
                    "TOY",
                    "toys",
                    "wooden train,building set,jigsaw puzzle,plush bear,kite,card game,doll house,marble run,toy drum,model glider,board game,bath boat,magnet tiles"),
            new Department(
                    "KIT",
                    "kitchen",
                    "chef's knife,cast-iron pan,mixing bowl,coffee grinder,tea pot,bread tin,chopping board,salad spinner,spice rack,espresso cup,stock pot,oven glove,pepper mill"),
            new Department(
                    "GAR",
                    "garden",
                    "pruning saw,watering can,seed tray,plant pot,leaf rake,garden hose,bird feeder,hand trowel,trellis,rain gauge,kneeling pad,string light,compost bin"),
            new Department(
                    "SPO",
                    "sports",
                    "yoga mat,skipping rope,tennis racket,foam roller,swim goggle,bike lock,football,kettlebell,hand pump,badminton set,gym bag,sweat band,cycling glove"),
            new Department(
                    "PET",
                    "pets",
                    "dog bed,cat tree,slow feeder,rope toy,travel bowl,reflective lead,grooming brush,scratch post,carrier,treat jar,cooling mat,collar,aquarium net"));
    private static final List<String> KINDS =
            words("classic,light,everyday,large,small,travel,heritage,premium,value,soft");
    private static final List<String> COLOURS =
            words("navy,charcoal,forest green,brick red,sand,white,black,mustard,sky blue,plum");

    private record Department(String prefix, String name, List<String> things) {
        Department(String prefix, String name, String things) {
            this(prefix, name, words(things));
        }
    }

    /**
     * @param price in cents
     * @param units of it a distribution centre likes to have
     * @param scarce there is little of it at first, and it is seldom ordered; what comes then is enough for who waited
     */
    record Article(
            int number, String sku, String description, String department, long price, int units, boolean scarce) {}

    private final List<Article> articles;
    /** The share of all sales that an article and those before it have. */
    private final double[] sharesUpTo;

    Assortment(int items) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] ranks = shuffled(items, random);
        double[] weights =
                Arrays.stream(ranks).mapToDouble(rank -> 1.0 / (rank + 1)).toArray();
        double sum = Arrays.stream(weights).sum();
        this.articles = new ArrayList<>(items);
        this.sharesUpTo = new double[items];
        double upTo = 0;
        for (int i = 0; i < items; i++) {
            upTo += weights[i] / sum;
            sharesUpTo[i] = upTo;
            articles.add(article(i, weights[i] / sum, ranks[i] % 37 == 5, random));
        }
    }

    private static Article article(int number, double share, boolean scarce, SplittableRandom random) {
        Department department = DEPARTMENTS.get(number % DEPARTMENTS.size());
        int n = number / DEPARTMENTS.size();
        String thing = department.things().get(n % department.things().size());
        String kind = KINDS.get(n % KINDS.size());
        String colour = COLOURS.get(n / KINDS.size() % COLOURS.size());
        // 3.99 to 399.99 USD, as many below 40 as above
        long dollars = (long) (4 * Math.pow(100, random.nextDouble()));
        int units = (int) Math.round(DC_UNITS * share);
        return new Article(
                number,
                String.format(Locale.ROOT, "%s-%04d", department.prefix(), n + 1),
                Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " " + thing + ", " + colour,
                department.name(),
                100 * dollars - 1,
                Math.max(LEAST_AT_DC, units),
                scarce);
    }

    private static int[] shuffled(int n, SplittableRandom random) {
        int[] numbers = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        return numbers;
    }

    private static List<String> words(String text) {
        return List.of(text.split(",", -1));
    }

    List<Article> articles() {
        return articles;
    }

    Article any(SplittableRandom random) {
        return articles.get(random.nextInt(articles.size()));
    }

    /** An article as customers choose them. */
    Article wanted(SplittableRandom random) {
        int found = Arrays.binarySearch(sharesUpTo, random.nextDouble());
        return articles.get(Math.min(found < 0 ? -found - 1 : found, articles.size() - 1));
    }

    boolean isKeptAt(Place place, Article article) {
        return chance(place, article).nextInt(100) < (place.isStore() ? STORE_PERCENT : DC_PERCENT);
    }

    /** What a place has of an article it keeps when the demo begins. */
    int openingStock(Place place, Article article) {
        if (place.isStore()) {
            return shelf(chance(place, article).split());
        }
        return article.scarce() ? Math.max(2, article.units() / 20) : article.units();
    }

    /** One to six, three on average. */
    static int shelf(SplittableRandom random) {
        int units = 1;
        for (int i = 0; i < 5; i++) {
            units += random.nextInt(100) < 35 ? 1 : 0;
        }
        return units;
    }

    /** What a place keeps is decided by its code and the article alone, so that everybody knows it without being told. */
    private static SplittableRandom chance(Place place, Article article) {
        return new SplittableRandom(SEED + 31L * place.code().hashCode() + 1_000_003L * article.number());
    }
}
