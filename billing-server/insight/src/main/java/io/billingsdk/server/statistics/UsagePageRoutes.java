package io.billingsdk.server.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.statistics.LiveStream.Seen;
import io.billingsdk.server.statistics.UsagePage.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The page of somebody's figures. The server writes all of it, so it is there without a script; the
 * script of the page asks for it again when the figures change.
 */
final class UsagePageRoutes {
  /** Where it is. */
  static final String PATH = "/usage.html";

  /** Neither script nor style in the page, and nothing from elsewhere. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src"
              + " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "X-Content-Type-Options",
          "nosniff",
          "Cache-Control",
          "no-store");

  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          Path.of(""),
          ContentType.Html,
          UsagePageRoutes.class.getClassLoader(),
          "io.billingsdk.server.statistics.html");

  private static final int SEE_OTHER = 303;

  private final Holders holders;
  private final ProfileStore profiles;
  private final Uses uses;
  private final InstantSource clock;

  UsagePageRoutes(Holders holders, ProfileStore profiles, InstantSource clock) {
    this.holders = holders;
    this.profiles = profiles;
    this.uses = new Uses(clock);
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.holder("GET", PATH, this::page)
            .query("session_id", UsageTexts.PARAMETER)
            .ignoringOthers(),
        Route.holder("POST", PATH, this::login).query(UsageTexts.PARAMETER).ignoringOthers(),
        Route.holder("GET", PATH + "/live", this::live)
            .query("session_id")
            .lasting(LiveStatistics.places())
            .ignoringOthers(),
        file("page.css", "text/css; charset=utf-8"),
        file("page.js", "text/javascript; charset=utf-8"));
  }

  private static Route file(String name, String contentType) {
    try (InputStream file =
        Objects.requireNonNull(UsagePageRoutes.class.getResourceAsStream(name), name)) {
      Map<String, String> headers = new HashMap<>(HEADERS);
      headers.put("Cache-Control", "no-cache");
      ApiResponse answer = new ApiResponse.Whole(200, contentType, file.readAllBytes(), headers);
      return Route.open(PATH + "/" + name, request -> answer);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private ApiResponse page(Request request) {
    UsageTexts texts = UsageTexts.of(request);
    Optional<String> token = UsagePageLogin.token(request);
    if (token.isEmpty()) {
      return form(texts, 200, null);
    }
    try {
      Figures figures =
          request
              .database()
              .read(handle -> figures(handle, holders.any(handle, token.get()), texts));
      Map<String, String> headers = new HashMap<>(HEADERS);
      UsagePageLogin.linked(request)
          .ifPresent(given -> headers.put("Set-Cookie", UsagePageLogin.keeping(given)));
      return html(200, new UsagePage(texts, figures, null), headers);
    } catch (ProblemException refused) {
      int status = refused.problem().status();
      return form(texts, status, texts.get(status == 401 ? "expired" : "foreign"));
    } catch (DatabaseException away) {
      return html(503, new UsagePage(texts, null, texts.get("away")), HEADERS);
    }
  }

  private Figures figures(Handle handle, Person person, UsageTexts texts) {
    UsageSnapshot snapshot = UsageSnapshot.of(handle, person, profiles, clock.instant());
    return UsagePageMaker.figures(texts, snapshot, uses.limits(handle, person, snapshot.profile()));
  }

  /** Takes a token, or forgets it where there is none in the form. */
  private ApiResponse login(Request request) {
    String token = UsagePageLogin.field(request, "token");
    UsageTexts texts = UsageTexts.of(request);
    if (!token.isEmpty()) {
      try {
        Person unused = request.database().read(handle -> holders.any(handle, token));
      } catch (ProblemException refused) {
        int status = refused.problem().status();
        return form(texts, status, texts.get(status == 401 ? "expired" : "foreign"));
      }
    }
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("Location", PATH + "?" + UsageTexts.PARAMETER + "=" + texts.tag());
    headers.put(
        "Set-Cookie",
        token.isEmpty() ? UsagePageLogin.forgetting() : UsagePageLogin.keeping(token));
    return new ApiResponse.Whole(SEE_OTHER, "text/html; charset=utf-8", new byte[0], headers);
  }

  private ApiResponse live(Request request) {
    String token =
        UsagePageLogin.token(request)
            .orElseThrow(() -> Holders.refused(401, "session_id", "there is no token"));
    return LiveStatistics.of(request, handle -> holders.any(handle, token), this::seen);
  }

  private Seen seen(Handle handle, Person person) {
    UsageSnapshot snapshot = UsageSnapshot.of(handle, person, profiles, clock.instant());
    return new Seen(snapshot.tally(), snapshot.figures());
  }

  private static ApiResponse form(UsageTexts texts, int status, @Nullable String problem) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    if (problem != null) {
      headers.put("Set-Cookie", UsagePageLogin.forgetting());
    }
    return html(status, new UsagePage(texts, null, problem), headers);
  }

  private static ApiResponse html(int status, UsagePage page, Map<String, String> headers) {
    StringOutput text = new StringOutput();
    TEMPLATES.render("usage.jte", page, text);
    return new ApiResponse.Whole(
        status, "text/html; charset=utf-8", text.toString().getBytes(UTF_8), headers);
  }
}
