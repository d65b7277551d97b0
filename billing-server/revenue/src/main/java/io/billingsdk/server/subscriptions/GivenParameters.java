package io.billingsdk.server.subscriptions;

import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import java.time.Instant;
import java.util.Optional;

/** The fields of a body, or the same as parameters of a query: of a change and of its preview. */
interface GivenParameters {
  /** A text of 1 to so many characters; empty when it is not given. */
  Optional<String> text(String name, int chars);

  /** A whole number; empty when it is not given. */
  Optional<Long> whole(String name, long least, long most);

  /** A time; empty when it is not given. */
  Optional<Instant> time(String name);

  /** Those of a body. */
  static GivenParameters of(JsonBody body) {
    return new GivenParameters() {
      @Override
      public Optional<String> text(String name, int chars) {
        return body.optionalText(name, chars);
      }

      @Override
      public Optional<Long> whole(String name, long least, long most) {
        return body.whole(name, least, most);
      }

      @Override
      public Optional<Instant> time(String name) {
        return body.time(name);
      }
    };
  }

  /** Those of a query. */
  static GivenParameters of(Request request) {
    return new GivenParameters() {
      @Override
      public Optional<String> text(String name, int chars) {
        Optional<String> text = request.parameter(name);
        if (text.isPresent() && (text.get().isBlank() || text.get().length() > chars)) {
          throw Request.invalid(name, "a text of 1 to " + chars + " characters");
        }
        return text;
      }

      @Override
      public Optional<Long> whole(String name, long least, long most) {
        return request.parameter(name).map(text -> number(name, text, least, most));
      }

      @Override
      public Optional<Instant> time(String name) {
        return request.time(name);
      }
    };
  }

  private static long number(String name, String text, long least, long most) {
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw Request.invalid(name, "a whole number from " + least + " to " + most);
  }
}
