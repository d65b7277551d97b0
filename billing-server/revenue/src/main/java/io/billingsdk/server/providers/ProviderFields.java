package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import org.jspecify.annotations.Nullable;

/** What the fields of requests may be, each rule in one place. */
final class ProviderFields {
  static final int ID_CHARS = 64;
  static final int NUMBER_CHARS = 160;
  static final int REASON_CHARS = 256;
  static final int CODE_CHARS = 16;
  static final int TOKEN_CHARS = 128;

  private ProviderFields() {}

  static Money money(JsonBody body) {
    String currency = body.text("currency", CODE_CHARS);
    try {
      return Money.of(currency, body.amount("amount"));
    } catch (RatingInputException refused) {
      throw body.wrong(refused.field(), refused.expectation());
    }
  }

  static ProviderName provider(JsonBody body) {
    return provider(body, body.text("provider", CODE_CHARS));
  }

  static ProviderName provider(JsonBody body, String text) {
    return ProviderName.find(text)
        .orElseThrow(() -> body.wrong("provider", "stripe, paypal or sandbox"));
  }

  static String path(Request request, String name) {
    String id = request.path(name);
    if (id.length() > ID_CHARS) {
      throw Request.invalid(name, "1 to " + ID_CHARS + " characters");
    }
    return id;
  }

  /** The customer that is asked for; that of a customer's token is its own. */
  static @Nullable String customer(Request request) {
    @Nullable String own = request.caller().customerId();
    @Nullable String asked = request.parameter("customerId").orElse(own);
    if (asked != null && (asked.isEmpty() || asked.length() > ID_CHARS)) {
      throw Request.invalid("customerId", "1 to " + ID_CHARS + " characters");
    }
    if (own != null && !own.equals(asked)) {
      throw RequestRefusedException.notFound(
          "customerId", "there is no customer " + Request.shown(String.valueOf(asked)));
    }
    return asked;
  }

  /** What belongs to another customer is not there for the token of a customer. */
  static boolean isHidden(Request request, String customer) {
    @Nullable String own = request.caller().customerId();
    return own != null && !own.equals(customer);
  }
}
