package io.billingsdk.server.forecast;

import io.billingsdk.forecast.MonthOutlook;
import io.billingsdk.server.forecast.CustomerForecast.MoneyView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a month ends: usage by app, service and meter, and money by customer. */
final class ForecastRoutes {
  private static final int NAME_CHARS = 256;
  private static final int CUSTOMER_CHARS = 64;
  private static final Set<String> ZONES = new TreeSet<>(ZoneId.getAvailableZoneIds());

  private final InstantSource clock;

  ForecastRoutes(InstantSource clock) {
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/forecast", this::forecast)
            .query("by", "name", "customerId", "zone"));
  }

  /** The answer: usage of all but customers, and money of those alone. */
  private record AnswerView(
      String by,
      String name,
      String month,
      String zone,
      @Nullable ForecastView usage,
      @Nullable MoneyView money) {}

  private ApiResponse forecast(Request request) {
    String by = request.parameter("by").orElse("");
    String name = required(request, "name", NAME_CHARS);
    CustomerForecasts customers = new CustomerForecasts(request.database());
    UsageForecasts usage = new UsageForecasts(request.database());
    return switch (by) {
      case "customer" -> {
        DailySeries days = customers.days(name);
        yield answer(by, name, days, null, customers.of(name).view());
      }
      case "meter" -> {
        String customer = required(request, "customerId", CUSTOMER_CHARS);
        DailySeries days = customers.days(customer);
        MonthOutlook found = usage.ofMeter(name, days, customers.places(customer, days));
        yield answer(by, name, days, found, null);
      }
      case "app", "service" -> {
        DailySeries days = new DailySeries(zone(request), clock.instant());
        boolean isApp = by.equals("app");
        MonthOutlook found = isApp ? usage.ofApp(name, days) : usage.ofService(name, days);
        yield answer(by, name, days, found, null);
      }
      default -> throw Request.invalid("by", "one of app, service, customer, meter");
    };
  }

  private static ApiResponse answer(
      String by,
      String name,
      DailySeries days,
      @Nullable MonthOutlook usage,
      @Nullable MoneyView money) {
    return ApiResponse.ok(
        new AnswerView(
            by,
            name,
            YearMonth.from(days.today()).toString(),
            days.zone().getId(),
            usage == null ? null : ForecastView.of(usage),
            money));
  }

  private static String required(Request request, String name, int chars) {
    return request
        .parameter(name)
        .filter(text -> !text.isEmpty() && text.length() <= chars)
        .orElseThrow(() -> Request.invalid(name, "a text of 1 to " + chars + " characters"));
  }

  private static ZoneId zone(Request request) {
    String text = request.parameter("zone").orElse("UTC");
    if (!ZONES.contains(text)) {
      throw Request.invalid("zone", "a time zone, as Asia/Kathmandu");
    }
    return ZoneId.of(text);
  }
}
