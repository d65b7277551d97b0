package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.Order.OrderKind;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what somebody asks for, and refuses what does not belong together. */
final class OrderParameters {
  static final int ID_CHARS = 64;

  private static final long MOST_VERSION = 1_000_000;
  private static final long MOST_REVISION = 1_000_000_000;
  private static final long MOST_DAY = 31;
  private static final int DATE_CHARS = 10;
  private static final int WORD_CHARS = 64;
  private static final LocalDate FIRST_DAY = LocalDate.of(1970, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);
  private static final String DAY = "a day from 1970-01-01 to 9999-12-31, as 2027-01-31";

  private OrderParameters() {}

  static Begin begin(GivenParameters given) {
    String customer = required(given, "customerId");
    String plan = required(given, "plan");
    return new Begin(
        customer,
        plan,
        version(given, "version").orElse(null),
        given.text("anchor", DATE_CHARS).map(OrderParameters::day).orElse(null),
        word(
                given,
                "proration",
                List.of(ProrationRule.DAYS, ProrationRule.INSTANT),
                OrderParameters::shown)
            .orElse(ProrationRule.DAYS),
        given.time("at").orElse(null));
  }

  static Alter alter(GivenParameters given) {
    OrderKind kind =
        word(given, "act", List.of(OrderKind.values()), OrderKind::text)
            .orElseThrow(() -> expected("act", List.of(OrderKind.values()), OrderKind::text));
    Optional<String> plan = given.text("plan", ID_CHARS);
    Optional<Integer> version = version(given, "version");
    Optional<Timing> timing = timing(given);
    if (kind == OrderKind.SWITCH && plan.isEmpty()) {
      throw Request.invalid("plan", "the id of a plan, since act is switch");
    }
    Optional<Integer> billDay = given.whole("billDay", 1, MOST_DAY).map(Math::toIntExact);
    if (kind == OrderKind.BILL_DAY && billDay.isEmpty()) {
      throw Request.invalid("billDay", "a whole number from 1 to 31, since act is bill_day");
    }
    only("billDay", billDay, kind, kind == OrderKind.BILL_DAY);
    only("plan", plan, kind, kind == OrderKind.SWITCH);
    only("version", version, kind, kind == OrderKind.SWITCH || kind == OrderKind.MIGRATE);
    only("timing", timing, kind, kind.hasTiming());
    return new Alter(
        kind,
        plan.orElse(null),
        version.orElse(null),
        timing.orElse(null),
        billDay.orElse(null),
        given.whole("revision", 1, MOST_REVISION).orElse(null),
        given.time("at").orElse(null));
  }

  static MigrationTerms migration(GivenParameters given) {
    String plan = required(given, "plan");
    int version =
        version(given, "version")
            .orElseThrow(
                () -> Request.invalid("version", "a whole number from 1 to " + MOST_VERSION));
    @Nullable Integer from = version(given, "fromVersion").orElse(null);
    return new MigrationTerms(plan, from, version, timing(given).orElse(Timing.AT_PERIOD_END));
  }

  /** The state that a list is confined to. */
  static Optional<SubscriptionState> state(GivenParameters given) {
    return word(given, "state", List.of(SubscriptionState.values()), SubscriptionState::text);
  }

  /** The id in a path. */
  static UUID id(Request request, String name) {
    return Request.uuid(name, request.path(name));
  }

  static String shown(ProrationRule rule) {
    return rule == ProrationRule.INSTANT ? "seconds" : rule.name().toLowerCase(Locale.ROOT);
  }

  static String shown(Timing timing) {
    return timing == Timing.NOW ? "now" : "period_end";
  }

  private static String required(GivenParameters given, String name) {
    return given
        .text(name, ID_CHARS)
        .orElseThrow(() -> Request.invalid(name, "a text of 1 to " + ID_CHARS + " characters"));
  }

  private static Optional<Integer> version(GivenParameters given, String name) {
    return given.whole(name, 1, MOST_VERSION).map(Math::toIntExact);
  }

  private static Optional<Timing> timing(GivenParameters given) {
    return word(given, "timing", List.of(Timing.values()), OrderParameters::shown);
  }

  private static <T> Optional<T> word(
      GivenParameters given, String name, List<T> values, Function<T, String> shown) {
    return given
        .text(name, WORD_CHARS)
        .map(
            text ->
                values.stream()
                    .filter(each -> shown.apply(each).equals(text))
                    .findFirst()
                    .orElseThrow(() -> expected(name, values, shown)));
  }

  private static <T> RuntimeException expected(
      String name, List<T> values, Function<T, String> shown) {
    return Request.invalid(
        name, "one of " + values.stream().map(shown).collect(Collectors.joining(", ")));
  }

  private static void only(String name, Optional<?> value, OrderKind kind, boolean belongs) {
    if (value.isPresent() && !belongs) {
      throw Request.invalid(name, "left out, since act is " + kind.text());
    }
  }

  private static LocalDate day(String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (!day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY)) {
        return day;
      }
    } catch (DateTimeParseException malformed) {
      throw Request.invalid("anchor", DAY);
    }
    throw Request.invalid("anchor", DAY);
  }
}
