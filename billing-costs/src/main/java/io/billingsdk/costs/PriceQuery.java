package io.billingsdk.costs;

import java.time.Instant;
import java.util.Optional;

/**
 * Which price is asked for.
 *
 * @param provider the provider, or empty where the event does not say it
 * @param model the service or model, as the provider names it
 * @param at when it was used, not when that was received
 * @param serviceTier {@code standard}, {@code flex}, {@code priority}, {@code batch} and so on
 * @param region where it ran; empty where the event does not say it
 */
public record PriceQuery(
    Optional<String> provider,
    String model,
    Instant at,
    String serviceTier,
    Optional<String> region) {
  /** Checks the names. */
  public PriceQuery {
    Check.name("model", model);
    Check.name("serviceTier", serviceTier);
    provider.ifPresent(name -> Check.name("provider", name));
    region.ifPresent(name -> Check.name("region", name));
  }

  /** The standard tier of a model of a provider. */
  public static PriceQuery of(String provider, String model, Instant at) {
    return new PriceQuery(Optional.of(provider), model, at, PriceKey.STANDARD, Optional.empty());
  }

  /** The same in another service tier; {@code default} and {@code auto} are the standard one. */
  public PriceQuery inTier(String tier) {
    boolean isStandard = tier.equals("default") || tier.equals("auto");
    return new PriceQuery(provider, model, at, isStandard ? PriceKey.STANDARD : tier, region);
  }

  /** The same in a region. */
  public PriceQuery inRegion(String name) {
    return new PriceQuery(provider, model, at, serviceTier, Optional.of(name));
  }

  @Override
  public String toString() {
    return provider.map(name -> name + " ").orElse("")
        + model
        + (serviceTier.equals(PriceKey.STANDARD) ? "" : " tier " + serviceTier)
        + region.map(name -> " region " + name).orElse("")
        + " at "
        + at;
  }
}
