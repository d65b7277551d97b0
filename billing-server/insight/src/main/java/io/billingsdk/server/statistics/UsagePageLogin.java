package io.billingsdk.server.statistics;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import java.util.Arrays;
import java.util.Optional;

/**
 * By which token a browser comes to the page: that of a link, or that which it gave before and
 * which is in a cookie. No script reads the cookie, and no other site sends it.
 */
final class UsagePageLogin {
  private static final String COOKIE = "__Secure-billing-usage";
  private static final String ATTRIBUTES =
      "; Path=" + UsagePageRoutes.PATH + "; Secure; HttpOnly; SameSite=Strict";

  private static final String SESSION = "session_id";
  private static final String FORM = "application/x-www-form-urlencoded";

  private UsagePageLogin() {}

  /** That of the link. */
  static Optional<String> linked(Request request) {
    return request.parameter(SESSION).filter(text -> !text.isEmpty());
  }

  /** That of the link, otherwise that of the cookie. */
  static Optional<String> token(Request request) {
    return linked(request).or(() -> kept(request));
  }

  private static Optional<String> kept(Request request) {
    // HTTP/2 may divide the cookies among several headers.
    return request.headers().entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase("Cookie"))
        .flatMap(each -> each.getValue().stream())
        .flatMap(header -> Arrays.stream(header.split(";")))
        .map(String::strip)
        .filter(each -> each.startsWith(COOKIE + "="))
        .map(each -> each.substring(COOKIE.length() + 1))
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  /** What makes a browser keep a token until it is closed. */
  static String keeping(String token) {
    return COOKIE + "=" + token + ATTRIBUTES;
  }

  /** What makes it forget one. */
  static String forgetting() {
    return COOKIE + "=; Max-Age=0" + ATTRIBUTES;
  }

  /**
   * A field of the form that a browser sends.
   *
   * @throws ProblemException of a form of another site, which would show its own figures as those
   *     of the reader
   */
  static String field(Request request, String name) {
    boolean isOwn =
        HolderRequest.header(request, "Sec-Fetch-Site")
            .map(site -> site.equals("same-origin"))
            .orElse(true);
    if (!isOwn) {
      throw new ProblemException(Problem.forbidden("the form must be that of this page"));
    }
    if (!request.mediaType().equals(FORM)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    return Arrays.stream(new String(request.bytes(), US_ASCII).split("&"))
        .filter(each -> each.startsWith(name + "="))
        .map(each -> each.substring(name.length() + 1).replace("+", ""))
        .findFirst()
        .flatMap(Request::percentDecoded)
        .map(String::strip)
        .orElse("");
  }
}
