package io.billingsdk.server.tax;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;

/** Which countries and regions there are, and which belong to the VAT area of the EU. */
final class Countries {
  private static final Set<String> ALL = Set.of(Locale.getISOCountries());

  private static final Set<String> UNION =
      Set.of(
          "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
          "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");

  /** Parts of member states that directive 2006/112/EC, article 6, leaves out of the VAT area. */
  private static final Set<String> OUTSIDE =
      Set.of("ES-CN", "ES-CE", "ES-ML", "FI-01", "GR-69", "DE-78266", "DE-27498", "IT-23041");

  private static final Set<String> STATES =
      Set.of(
          "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN",
          "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH",
          "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT",
          "VT", "VA", "WA", "WV", "WI", "WY");

  /** Provinces and territories of Canada. */
  private static final Set<String> PROVINCES =
      Set.of("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT");

  /** The end of the transition after the United Kingdom left. */
  private static final LocalDate BRITISH_EXIT = LocalDate.of(2021, 1, 1);

  private Countries() {}

  static boolean isCountry(String code) {
    return ALL.contains(code);
  }

  /** A state of the United States, or its capital. */
  static boolean isState(String code) {
    return STATES.contains(code);
  }

  /** A province or territory of Canada. */
  static boolean isProvince(String code) {
    return PROVINCES.contains(code);
  }

  /** Whether a place is in the VAT area of the EU on a day. */
  static boolean isInUnion(TaxPlaces.Place place, LocalDate day) {
    boolean isMember =
        UNION.contains(place.country())
            || (place.country().equals("GB") && day.isBefore(BRITISH_EXIT));
    return isMember && !OUTSIDE.contains(place.country() + "-" + place.region());
  }
}
