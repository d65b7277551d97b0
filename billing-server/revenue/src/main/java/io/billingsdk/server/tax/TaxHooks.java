package io.billingsdk.server.tax;

import org.jspecify.annotations.Nullable;

/**
 * Parts of the taxes that somebody may bring.
 *
 * @param ids null: nobody asks an office about tax ids
 * @param provider null: the rules of this package decide
 */
public record TaxHooks(@Nullable TaxIdCheck ids, @Nullable TaxProvider provider) {
  /** None of them. */
  public static final TaxHooks NONE = new TaxHooks(null, null);
}
