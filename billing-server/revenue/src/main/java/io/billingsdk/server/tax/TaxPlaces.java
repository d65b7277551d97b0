package io.billingsdk.server.tax;

import io.billingsdk.server.common.RequestRefusedException;
import org.jspecify.annotations.Nullable;

/** Where somebody is taxed. */
final class TaxPlaces {
  private TaxPlaces() {}

  /**
   * A place as the rules see it.
   *
   * @param country by ISO 3166; Monaco counts as France, the Isle of Man as the United Kingdom
   * @param region without the country in front: {@code NY}; null for none
   */
  record Place(String country, @Nullable String region) {
    String text() {
      return region == null ? country : country + "-" + region;
    }
  }

  /**
   * Reads a place.
   *
   * @param field to name in a refusal; empty if its parts have no common name
   */
  static Place read(String field, String country, @Nullable String region) {
    String prefix = field.isEmpty() ? "" : field + ".";
    if (!Countries.isCountry(country)) {
      throw RequestRefusedException.invalid(
          prefix + "country", "the ISO 3166 code of a country with two letters, as DE");
    }
    String vat =
        switch (country) {
          case "MC" -> "FR";
          case "IM" -> "GB";
          default -> country;
        };
    Place place = new Place(vat, plain(country, region));
    if (vat.equals("US") && place.region() != null && !Countries.isState(place.region())) {
      throw RequestRefusedException.invalid(
          prefix + "region", "the code of a state with two letters, as NY");
    }
    return place;
  }

  private static @Nullable String plain(String country, @Nullable String region) {
    String prefix = country + "-";
    return region != null && region.startsWith(prefix) ? region.substring(prefix.length()) : region;
  }
}
