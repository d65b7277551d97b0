package io.billingsdk.costs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Price rows, in one version. Nothing changes a catalogue: an approved {@link ImportPlan} makes the
 * next one. Its version is a digest of its rows, so equal catalogues have equal versions.
 *
 * <p>Immutable.
 */
public final class Catalogue {
  /** No row. */
  public static final Catalogue EMPTY = new Catalogue(List.of());

  private static final Pattern COMPACT_DATE =
      Pattern.compile("-(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?=-|:|$)");

  private final List<PriceRow> rows;
  private final Map<String, List<PriceRow>> byProvider;
  private final String version;

  private Catalogue(List<PriceRow> rows) {
    this.rows = List.copyOf(rows);
    this.version = versionOf(rows);
    this.byProvider = new LinkedHashMap<>();
    for (PriceRow row : rows) {
      String provider = Check.small(row.key().provider());
      byProvider.computeIfAbsent(provider, any -> new ArrayList<>()).add(row);
    }
  }

  /**
   * A catalogue of these rows.
   *
   * @throws CostInputException where a finding is an error, such as an overlap
   */
  public static Catalogue of(List<PriceRow> rows) {
    for (ImportFinding finding : CatalogueRules.findings(rows)) {
      if (finding.severity() == ImportFinding.Severity.ERROR) {
        throw new CostInputException(finding.subject(), finding.expectation(), finding.found());
      }
    }
    return new Catalogue(rows);
  }

  /** The prices that come with the product. */
  public static Catalogue shipped() {
    return of(PriceFile.read(ShippedPrices.text()).rows());
  }

  private static String versionOf(List<PriceRow> rows) {
    List<String> texts = new ArrayList<>();
    // The order of a file decides which pattern a model is found by first: it is a part of it.
    rows.forEach(row -> texts.add(row.canonical()));
    return Digest.of(String.join("\n\n", texts)).substring(0, 16);
  }

  /** The version: 16 digits of a digest of the rows. */
  public String version() {
    return version;
  }

  /** The rows, in their order. */
  public List<PriceRow> rows() {
    return rows;
  }

  /** The row of this id. */
  public Optional<PriceRow> row(String id) {
    return rows.stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /**
   * The row that a use has its price from: a price of the account before list prices, the named
   * region before everywhere, hours of the day before all day. A service tier that has no price is
   * not the standard one: it is unknown.
   */
  Optional<PriceRow> find(PriceQuery query) {
    String model = Check.small(query.model());
    List<PriceRow> models = ofModel(query, model);
    if (models.isEmpty()) {
      String dashed = COMPACT_DATE.matcher(model).replaceAll("-$1-$2-$3");
      models = ofModel(query, dashed);
    }
    return models.stream()
        .filter(row -> row.validity().holds(query.at()))
        .filter(row -> row.key().window().map(hours -> hours.holds(query.at())).orElse(true))
        .filter(row -> isInRegion(row, query))
        .filter(row -> isInTier(row, query))
        .min(precedence(query));
  }

  private static boolean isInRegion(PriceRow row, PriceQuery query) {
    return row.key().region().isEmpty() || row.key().region().equals(query.region());
  }

  private static boolean isInTier(PriceRow row, PriceQuery query) {
    String tier = row.key().serviceTier();
    boolean isBatchOfStandard =
        query.serviceTier().equals(PriceKey.BATCH)
            && tier.equals(PriceKey.STANDARD)
            && row.terms().batchMultiplier().isPresent();
    return tier.equals(query.serviceTier()) || isBatchOfStandard;
  }

  private static Comparator<PriceRow> precedence(PriceQuery query) {
    Comparator<PriceRow> account = Comparator.comparing(row -> !row.key().accountOverride());
    return account
        .thenComparing(row -> row.key().region().isEmpty())
        .thenComparing(row -> !row.key().serviceTier().equals(query.serviceTier()))
        .thenComparing(row -> row.key().window().isEmpty());
  }

  /** Rows of the first model whose name or pattern fits, and the account's own of it. */
  private List<PriceRow> ofModel(PriceQuery query, String model) {
    List<PriceRow> candidates =
        query
            .provider()
            .map(name -> byProvider.getOrDefault(Check.small(name), List.of()))
            .orElse(rows);
    String found = firstKey(candidates, model);
    return candidates.stream().filter(row -> keyOf(row).equals(found)).toList();
  }

  private static String firstKey(List<PriceRow> candidates, String model) {
    Stream<PriceRow> named =
        candidates.stream().filter(row -> row.match().isEmpty() && isNamed(row, model));
    Stream<PriceRow> fitting =
        candidates.stream()
            .filter(row -> row.match().map(match -> match.holds(model)).orElse(false));
    return Stream.concat(named, fitting).findFirst().map(Catalogue::keyOf).orElse("");
  }

  private static boolean isNamed(PriceRow row, String model) {
    return Check.small(row.key().model()).equals(Check.small(model));
  }

  private static String keyOf(PriceRow row) {
    return Check.small(row.key().provider() + "\n" + row.key().model());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Catalogue that && version.equals(that.version);
  }

  @Override
  public int hashCode() {
    return version.hashCode();
  }

  @Override
  public String toString() {
    return "Catalogue[" + version + ", " + rows.size() + " rows]";
  }
}
