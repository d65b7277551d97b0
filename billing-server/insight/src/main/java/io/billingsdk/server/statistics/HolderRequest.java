package io.billingsdk.server.statistics;

import io.billingsdk.server.http.Request;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** By which token a request comes, and whose it is. */
final class HolderRequest {
  /** The header with the token of a guest. */
  static final String GUEST = "X-Guest-ID";

  private static final String BEARER = "bearer ";
  private static final String AUTHORIZATION = "Authorization";
  private static final String SESSION = "session_id";

  private HolderRequest() {}

  /** The session that a parameter names. */
  static Person session(Handle handle, Holders holders, Request request) {
    return session(handle, holders, sessionToken(request));
  }

  private static String sessionToken(Request request) {
    return request
        .parameter(SESSION)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> Request.invalid(SESSION, "that of an answer to the start"));
  }

  /**
   * The same for a request that lasts: asked again and again, it is the same token.
   *
   * @param audience by which kind of token
   */
  static Function<Handle, Person> lasting(Holders holders, Request request, Audience audience) {
    if (audience == Audience.SESSIONS) {
      String token = sessionToken(request);
      return handle -> session(handle, holders, token);
    }
    Optional<String> user = header(request, AUTHORIZATION);
    Optional<String> guest = header(request, GUEST);
    return handle -> person(handle, holders, user, guest);
  }

  /** The session of a token. */
  static Person session(Handle handle, Holders holders, String token) {
    return holders.require(handle, token, PersonKind.SESSION, SESSION);
  }

  /** The user of a bearer token; without one, the guest of a header. */
  static Person person(Handle handle, Holders holders, Request request) {
    return person(handle, holders, header(request, AUTHORIZATION), header(request, GUEST));
  }

  private static Person person(
      Handle handle, Holders holders, Optional<String> user, Optional<String> guest) {
    if (user.isPresent()) {
      return user(handle, holders, user.get());
    }
    return guest
        .map(token -> holders.require(handle, token, PersonKind.GUEST, GUEST))
        .orElseThrow(
            () ->
                Holders.refused(
                    401, AUTHORIZATION, "there is neither a user's token nor a guest's"));
  }

  /** The user of a bearer token. */
  static Person user(Handle handle, Holders holders, Request request) {
    String header =
        header(request, AUTHORIZATION)
            .orElseThrow(() -> Holders.refused(401, AUTHORIZATION, "there is no user's token"));
    return user(handle, holders, header);
  }

  private static Person user(Handle handle, Holders holders, String header) {
    if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw Holders.refused(401, AUTHORIZATION, "the header must be of the scheme Bearer");
    }
    String token = header.substring(BEARER.length()).strip();
    return holders.require(handle, token, PersonKind.USER, AUTHORIZATION);
  }

  /** The guest of a header. */
  static Person guest(Handle handle, Holders holders, Request request) {
    return header(request, GUEST)
        .map(token -> holders.require(handle, token, PersonKind.GUEST, GUEST))
        .orElseThrow(() -> Holders.refused(401, GUEST, "there is no guest's token"));
  }

  /** A header that is there once; empty without it. */
  static Optional<String> header(Request request, String name) {
    List<String> values =
        request.headers().entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase(name))
            .flatMap(each -> each.getValue().stream())
            .toList();
    if (values.size() > 1) {
      throw Request.invalid(name, "given once");
    }
    return values.stream().filter(each -> !each.isBlank()).findFirst();
  }
}
