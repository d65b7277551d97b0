package io.billingsdk.rating.properties;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random numbers, dates and zones, with the values in it at which mistakes are made. */
final class Gen {
  /** Currencies with 0, 2 and 3 decimals. */
  private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD", "CHF");

  /** Zones that skip midnights, change by halves, quarters or whole days, or never. */
  static final List<ZoneId> ZONES =
      List.of(
              "UTC",
              "Europe/Berlin",
              "America/New_York",
              "America/Sao_Paulo",
              "America/St_Johns",
              "America/Havana",
              "Asia/Kolkata",
              "Asia/Kathmandu",
              "Asia/Shanghai",
              "Asia/Tokyo",
              "Asia/Beirut",
              "Africa/Cairo",
              "Australia/Lord_Howe",
              "Australia/Adelaide",
              "Pacific/Apia",
              "Pacific/Kiritimati",
              "Pacific/Chatham",
              "Pacific/Honolulu",
              "America/Santiago",
              "Atlantic/Azores")
          .stream()
          .map(ZoneId::of)
          .toList();

  private final Random random;

  Gen(Random random) {
    this.random = random;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  String currency() {
    return of(CURRENCIES);
  }

  ZoneId zone() {
    return of(ZONES);
  }

  /** A decimal from 0 to below the bound, often a whole number, sometimes 0. */
  BigDecimal decimal(int bound) {
    if (oneIn(12)) {
      return BigDecimal.ZERO;
    }
    int scale = oneIn(2) ? 0 : below(7);
    return new BigDecimal(new BigInteger(24, random), 0)
        .remainder(BigDecimal.valueOf(bound).movePointRight(scale).max(BigDecimal.ONE))
        .movePointLeft(scale);
  }

  BigDecimal positive(int bound) {
    return decimal(bound).max(new BigDecimal("0.01"));
  }

  Quantity quantity(int bound) {
    return Quantity.of(decimal(bound));
  }

  Money money(String currency, int bound) {
    return Money.rounded(currency, Fraction.of(decimal(bound)));
  }

  Fraction share() {
    int of = 1 + below(366);
    return Fraction.of(below(of + 1), of);
  }

  List<Fraction> weights() {
    List<Fraction> weights = new ArrayList<>();
    int count = 1 + below(9);
    for (int i = 0; i < count; i++) {
      weights.add(Fraction.of(decimal(1_000)).dividedBy(Fraction.of(1 + below(7))));
    }
    weights.set(below(count), Fraction.of(positive(1_000)));
    return weights;
  }

  LocalDate day() {
    return LocalDate.of(2009, 1, 1).plusDays(below(365 * 20));
  }

  Instant moment() {
    return day().atStartOfDay(zone()).toInstant().plusSeconds(below(86_400));
  }
}
