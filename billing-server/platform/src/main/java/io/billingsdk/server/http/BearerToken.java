package io.billingsdk.server.http;

import io.billingsdk.server.http.Problem.ProblemException;
import java.util.List;
import java.util.Locale;

/** The token of a request. */
final class BearerToken {
  private static final String SCHEME = "bearer ";

  private BearerToken() {}

  /**
   * The token.
   *
   * @throws ProblemException when there is none
   */
  static String of(Call call) {
    List<String> headers = call.headers("Authorization");
    if (headers.isEmpty()) {
      throw missing("there is no Authorization header");
    }
    String header = headers.get(0);
    if (headers.size() > 1 || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw missing("there must be one Authorization header, of the scheme Bearer");
    }
    return header.substring(SCHEME.length()).trim();
  }

  static ProblemException missing(String why) {
    return new ProblemException(Problem.unauthenticated(why));
  }
}
