package io.billingsdk.server.catalog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan allows.
 *
 * @param models names, or beginnings of names followed by {@code *}; empty for all
 * @param rate null for any
 * @param quotas at most one for each meter and scope
 * @param features flags ({@code true}, {@code false}) and texts, such as the level of support
 * @param violations what many refused calls of a key lead to
 * @param pastDue what an overdue invoice leads to
 */
public record Entitlements(
    List<String> models,
    @Nullable RateTerms rate,
    List<QuotaTerms> quotas,
    Map<String, String> features,
    List<ViolationTerms> violations,
    PastDueTerms pastDue) {
  /** Everything. */
  public static final Entitlements UNLIMITED =
      new Entitlements(List.of(), null, List.of(), Map.of());

  /** Copies the collections. */
  public Entitlements {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
    features = Map.copyOf(features);
    violations = List.copyOf(violations);
  }

  /** Under which refused calls lead to nothing, and an overdue invoice to a block. */
  public Entitlements(
      List<String> models,
      @Nullable RateTerms rate,
      List<QuotaTerms> quotas,
      Map<String, String> features) {
    this(models, rate, quotas, features, List.of(), PastDueTerms.USUAL);
  }
}
