package io.billingsdk.server.http;

import org.jspecify.annotations.Nullable;

/** Requests of coupons and credits that succeed, over the rows that they need. */
final class CreditRequests {
  private static final String CREDITS = "/api/v1/customers/customer/credits";

  private static final String CREDIT =
      """
      {"kind":"prepaid","amount":5,"currency":"USD","priority":5,"reference":"r","reason":"r",
       "expiresAt":"2099-01-01T00:00:00Z"}
      """;

  private static final String COUPON =
      """
      {"couponId":"k%d","name":"K","percent":10,"invoices":3,"validFrom":"2026-01-01T00:00:00Z",
       "validTo":"2099-01-01T00:00:00Z"}
      """;

  private final HttpTestbed http;
  private final String gift;
  private String credit;
  private int number;

  /** A coupon, its gift and a credit of the customer {@code customer}. */
  CreditRequests(HttpTestbed http) {
    this.http = http;
    http.send("POST", "/api/v1/coupons", COUPON.formatted(0));
    this.gift =
        http.send("POST", "/api/v1/customers/customer/coupons", "{\"couponId\":\"k0\"}")
            .json()
            .path("giftId")
            .asText();
    this.credit = newCredit();
  }

  private String newCredit() {
    return http.send("POST", CREDITS, CREDIT).json().path("creditId").asText();
  }

  /** A credit can be withdrawn once. */
  void prepare(String operation) {
    if (operation.equals("withdrawCredit")) {
      credit = newCredit();
    }
  }

  /** The path with a coupon, a gift and a credit. */
  String path(String path) {
    return path.replace("{couponId}", "k0").replace("{giftId}", gift).replace("{creditId}", credit);
  }

  /** Null for other operations and those without a body. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "createCoupon" -> COUPON.formatted(++number);
      case "giveCoupon" -> {
        http.send("POST", "/api/v1/coupons", COUPON.formatted(++number));
        yield "{\"couponId\":\"k%d\"}".formatted(number);
      }
      case "giveCredit" -> CREDIT;
      case "withdrawCredit" -> "{\"reason\":\"r\"}";
      default -> null;
    };
  }
}
