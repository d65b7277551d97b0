package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import java.time.DateTimeException;
import java.time.LocalDate;

/** What the fields of requests may be, each rule in one place. */
final class PaymentFields {
  static final int ID_CHARS = 64;
  static final int NUMBER_CHARS = 160;
  static final int REASON_CHARS = 256;
  static final int CODE_CHARS = 16;
  static final int MOST_NUMBERS = 100;
  static final int CONTENT_CHARS = 200_000;

  private PaymentFields() {}

  static Money money(JsonBody body) {
    String currency = body.text("currency", CODE_CHARS);
    try {
      return Money.of(currency, body.amount("amount"));
    } catch (RatingInputException refused) {
      throw body.wrong(refused.field(), refused.expectation());
    }
  }

  static LocalDate day(JsonBody body, String field) {
    String text = body.text(field, CODE_CHARS);
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException malformed) {
      throw body.wrong(field, "a day, as 2026-12-01");
    }
  }

  static String id(String field, String id, int chars) {
    if (id.isEmpty() || id.length() > chars) {
      throw Request.invalid(field, "1 to " + chars + " characters");
    }
    return id;
  }
}
