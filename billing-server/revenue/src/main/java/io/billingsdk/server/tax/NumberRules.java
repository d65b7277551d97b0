package io.billingsdk.server.tax;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rules of all countries whose numbers are checked here, by the prefix of their numbers. */
final class NumberRules {
  private static final Map<String, NumberRule> BY_PREFIX = byPrefix();

  private NumberRules() {}

  static Optional<NumberRule> of(String prefix) {
    return Optional.ofNullable(BY_PREFIX.get(prefix));
  }

  /** Whether numbers of a country, by ISO 3166, are checked here. */
  static boolean hasCountry(String country) {
    return country.equals("GR") || country.equals("CH") || BY_PREFIX.containsKey(country);
  }

  static String prefixes() {
    return String.join(", ", BY_PREFIX.keySet());
  }

  private static Map<String, NumberRule> byPrefix() {
    Map<String, NumberRule> rules = new TreeMap<>();
    south(rules);
    north(rules);
    rules.put("DE", NumberRule.of("[1-9]\\d{8}", "9 digits", CheckDigits::hasMod11And10));
    rules.put("HR", NumberRule.of("\\d{11}", "11 digits", CheckDigits::hasMod11And10));
    return rules;
  }

  private static void south(Map<String, NumberRule> rules) {
    rules.put("AT", NumberRule.of("U\\d{8}", "U and 8 digits", SouthernChecks::austria));
    rules.put("BG", NumberRule.of("\\d{9,10}", "9 or 10 digits", SouthernChecks::bulgaria));
    rules.put(
        "CHE",
        NumberRule.of(
            "\\d{9}(MWST|TVA|IVA|TPV)?",
            "9 digits, and MWST, TVA, IVA or TPV", SouthernChecks::switzerland));
    rules.put(
        "CY", NumberRule.of("(?!12)\\d{8}[A-Z]", "8 digits and a letter", SouthernChecks::cyprus));
    rules.put("EL", NumberRule.of("\\d{9}", "9 digits", SouthernChecks::greece));
    rules.put(
        "ES",
        NumberRule.of(
            "(\\d{8}[A-Z]|[KLMXYZ]\\d{7}[A-Z]|[A-HJNP-SUVW]\\d{7}[0-9A-J])",
            "9 places: a letter and 8, or 8 digits and a letter", SouthernChecks::spain));
    rules.put(
        "FR",
        NumberRule.of("[0-9A-HJ-NP-Z]{2}\\d{9}", "2 places and 9 digits", SouthernChecks::france));
    rules.put("HU", NumberRule.of("\\d{8}", "8 digits", SouthernChecks::hungary));
    rules.put("IT", NumberRule.of("(?!0{7})\\d{11}", "11 digits", SouthernChecks::italy));
    rules.put("MT", NumberRule.of("[1-9]\\d{7}", "8 digits", SouthernChecks::malta));
    rules.put("PT", NumberRule.of("[1-9]\\d{8}", "9 digits", SouthernChecks::portugal));
    rules.put(
        "RO",
        NumberRule.of("[1-9](\\d{1,9}|\\d{12})", "2 to 10 digits, or 13", SouthernChecks::romania));
    rules.put("SI", NumberRule.of("[1-9]\\d{7}", "8 digits", SouthernChecks::slovenia));
  }

  private static void north(Map<String, NumberRule> rules) {
    rules.put("BE", NumberRule.of("[01]\\d{9}", "10 digits", NorthernChecks::belgium));
    rules.put(
        "CZ",
        NumberRule.of("([0-8]\\d{7}|\\d{9,10})", "8, 9 or 10 digits", NorthernChecks::czechia));
    rules.put("DK", NumberRule.of("[1-9]\\d{7}", "8 digits", NorthernChecks::denmark));
    rules.put("EE", NumberRule.of("\\d{9}", "9 digits", NorthernChecks::estonia));
    rules.put("FI", NumberRule.of("\\d{8}", "8 digits", NorthernChecks::finland));
    NumberRule british =
        NumberRule.of(
            "(\\d{9}|\\d{12}|(GD|HA)\\d{3})",
            "9 or 12 digits, or GD or HA and 3 digits", NorthernChecks::unitedKingdom);
    rules.put("GB", british);
    rules.put("XI", british);
    rules.put(
        "IE",
        NumberRule.of(
            "\\d[0-9A-Z+*]\\d{5}[A-W][A-W]?",
            "7 digits and 1 or 2 letters", NorthernChecks::ireland));
    rules.put(
        "LT",
        NumberRule.of("(\\d{7}1\\d|\\d{10}1\\d)", "9 or 12 digits", NorthernChecks::lithuania));
    rules.put("LU", NumberRule.of("\\d{8}", "8 digits", NorthernChecks::luxembourg));
    rules.put("LV", NumberRule.of("\\d{11}", "11 digits", NorthernChecks::latvia));
    rules.put(
        "NL",
        NumberRule.of(
            "(?!0{9})\\d{9}B(?!00)\\d{2}",
            "9 digits, B and 2 digits", NorthernChecks::netherlands));
    rules.put("NO", NumberRule.of("\\d{9}(MVA)?", "9 digits and MVA", NorthernChecks::norway));
    rules.put("PL", NumberRule.of("\\d{10}", "10 digits", NorthernChecks::poland));
    rules.put(
        "SE", NumberRule.of("\\d{10}01", "12 digits, the last ones 01", NorthernChecks::sweden));
    rules.put("SK", NumberRule.of("[1-9]\\d{9}", "10 digits", NorthernChecks::slovakia));
  }
}
