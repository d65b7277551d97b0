package io.billingsdk.costs;

import java.util.Optional;

/**
 * What a price row is for, beside its time.
 *
 * @param provider the provider, such as {@code openai}
 * @param model the service or model, such as {@code gpt-5}
 * @param region where it runs; empty for everywhere
 * @param serviceTier {@code standard}, or {@code flex}, {@code priority}, {@code batch} and so on
 * @param window hours of the day; empty for all of them
 * @param accountOverride whether it is a price of this account, which wins over list prices
 */
public record PriceKey(
    String provider,
    String model,
    Optional<String> region,
    String serviceTier,
    Optional<DailyWindow> window,
    boolean accountOverride) {
  /** The service tier of a call that names none. */
  public static final String STANDARD = "standard";

  /** The service tier of a batch. */
  public static final String BATCH = "batch";

  /** Checks the names. */
  public PriceKey {
    Check.name("provider", provider);
    Check.name("model", model);
    Check.name("serviceTier", serviceTier);
    region.ifPresent(name -> Check.name("region", name));
  }

  /** The key of a list price, everywhere, in the standard tier, at all hours. */
  public static PriceKey of(String provider, String model) {
    return new PriceKey(provider, model, Optional.empty(), STANDARD, Optional.empty(), false);
  }

  /** The one form of the key; it tells rows apart. */
  @Override
  public String toString() {
    return provider
        + " "
        + model
        + region.map(name -> " region " + name).orElse("")
        + (serviceTier.equals(STANDARD) ? "" : " tier " + serviceTier)
        + window.map(hours -> " window " + hours).orElse("")
        + (accountOverride ? " account" : "");
  }
}
