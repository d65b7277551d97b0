package io.billingsdk.server.http;

import io.billingsdk.server.access.Principal;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.Problem.ProblemException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route, and who may call it: there is none without that. Those that change something run in one
 * transaction, whose database is {@link Request#database()}.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param path with parameters in braces; {@code {appId}} is compared with the app of a token
 * @param appScoped whether the token of an app may call it; the route then shows only what is that
 *     app's, which without {@code {appId}} in the path is the handler's to see to
 * @param customerScoped whether the token of a customer may call it; {@code {customerId}} in the
 *     path is compared with the customer of the token
 * @param parameters of the query; others are refused, unless the route ignores them
 * @param places of its requests, which last; null of a route whose answers are whole
 * @param keepsAnswers whether it is one transaction with the answer that a repetition gets, though
 *     it needs no token to write
 */
public record Route(
    String method,
    String path,
    RequiredScope access,
    boolean appScoped,
    boolean customerScoped,
    Set<String> parameters,
    Handler handler,
    @Nullable Places places,
    boolean keepsAnswers) {
  /** Of everything but the pages. */
  public static final String BASE = "/api/v1";

  /** Whether the process lives. */
  public static final String LIVE = BASE + "/health/live";

  /** Stands for every parameter; no name in a query has this form in our document. */
  private static final String ANY = "*";

  /** Refuses what would be open by mistake. */
  public Route {
    parameters = Set.copyOf(parameters);
    boolean isOfCustomer = access == RequiredScope.CUSTOMER;
    if (isOfCustomer != (access.changes() && customerScoped)
        || (isOfCustomer && !path.contains("{customerId}"))
        || ((access.changes() || access == RequiredScope.INTAKE) && appScoped)
        || (access == RequiredScope.INTAKE && customerScoped)) {
      throw new IllegalArgumentException(
          "the token of an app only reads, and that of a customer changes what is its own: "
              + path);
    }
    if ((access == RequiredScope.PUBLIC || access == RequiredScope.SIGNED) && places != null) {
      throw new IllegalArgumentException("what lasts needs a token: " + path);
    }
  }

  /** A route whose answers are whole. */
  public Route(
      String method,
      String path,
      RequiredScope access,
      boolean appScoped,
      Set<String> parameters,
      Handler handler) {
    this(
        method,
        path,
        access,
        appScoped,
        /* customerScoped= */ false,
        parameters,
        handler,
        null,
        false);
  }

  /** A GET that anybody may send. */
  public static Route open(String path, Handler handler) {
    return new Route("GET", path, RequiredScope.PUBLIC, /* appScoped= */ false, Set.of(), handler);
  }

  /** A GET for callers with a token of all apps. */
  public static Route read(String path, Handler handler) {
    return new Route("GET", path, RequiredScope.READ, /* appScoped= */ false, Set.of(), handler);
  }

  /** Usage that comes in, for callers with a token to send it. */
  public static Route intake(String path, Handler handler) {
    return new Route("POST", path, RequiredScope.INTAKE, /* appScoped= */ false, Set.of(), handler);
  }

  /** The same in one transaction with the answer that a repetition gets, as a change is. */
  public Route keepingAnswers() {
    return new Route(
        method, path, access, appScoped, customerScoped, parameters, handler, places, true);
  }

  /** A change, for callers with a token to write. */
  public static Route write(String method, String path, Handler handler) {
    return new Route(method, path, RequiredScope.WRITE, /* appScoped= */ false, Set.of(), handler);
  }

  /** A change that a customer makes for itself, or an operator who may change customers. */
  public static Route ofCustomer(String method, String path, Handler handler) {
    return new Route(
        method,
        path,
        RequiredScope.CUSTOMER,
        /* appScoped= */ false,
        /* customerScoped= */ true,
        Set.of(),
        handler,
        null,
        /* keepsAnswers= */ false);
  }

  /** A change that needs no token: its handler judges what it was sent, and writes the log. */
  public static Route openChange(String path, Handler handler) {
    return new Route("POST", path, RequiredScope.PUBLIC, /* appScoped= */ false, Set.of(), handler);
  }

  /**
   * What another server sends without a token: its handler verifies the signature over the very
   * bytes, and keeps its own transactions.
   */
  public static Route signed(String path, Handler handler) {
    return new Route("POST", path, RequiredScope.SIGNED, /* appScoped= */ false, Set.of(), handler);
  }

  /**
   * A request of somebody with a token that the feature itself has signed: its handler verifies the
   * token, shows what is theirs alone, and keeps its own transactions.
   */
  public static Route holder(String method, String path, Handler handler) {
    return new Route(method, path, RequiredScope.HOLDER, /* appScoped= */ false, Set.of(), handler);
  }

  /** The same for callers with a token of another scope. */
  public Route needing(RequiredScope scope) {
    return new Route(
        method, path, scope, appScoped, customerScoped, parameters, handler, places, keepsAnswers);
  }

  /** The same for the token of an app too. */
  public Route forApps() {
    return new Route(
        method,
        path,
        access,
        /* appScoped= */ true,
        customerScoped,
        parameters,
        handler,
        places,
        keepsAnswers);
  }

  /** The same for the token of a customer too; see {@link #customerScoped}. */
  public Route forCustomers() {
    return new Route(
        method,
        path,
        access,
        appScoped,
        /* customerScoped= */ true,
        parameters,
        handler,
        places,
        keepsAnswers);
  }

  /** The same with parameters in its query. */
  public Route query(String... names) {
    Set<String> all = new LinkedHashSet<>(parameters);
    all.addAll(List.of(names));
    return new Route(
        method, path, access, appScoped, customerScoped, all, handler, places, keepsAnswers);
  }

  /**
   * The same with answers that last: nothing else may stream. So no such answer is without bounds,
   * and none outlives the rights of its caller.
   */
  public Route lasting(Places within) {
    return new Route(
        method, path, access, appScoped, customerScoped, parameters, handler, within, keepsAnswers);
  }

  /** The same, ignoring parameters that it does not know, in place of a refusal. */
  public Route ignoringOthers() {
    return query(ANY);
  }

  /** Whether parameters that it does not know are ignored. */
  boolean ignoresOthers() {
    return parameters.contains(ANY);
  }

  /** Whether no token of an operator is asked for. */
  boolean isOpen() {
    return isOpen(access);
  }

  private static boolean isOpen(RequiredScope access) {
    return access == RequiredScope.PUBLIC
        || access == RequiredScope.SIGNED
        || access == RequiredScope.HOLDER;
  }

  /** Whether its handler asks nobody, so that any thread may run it. */
  boolean waitsForNothing() {
    return path.equals(LIVE);
  }

  /** Whether it says how the server is. */
  boolean isHealth() {
    return path.startsWith(BASE + "/health/");
  }

  /** The same by pages: see {@link Request#page}. */
  public Route paged() {
    return query("limit", "cursor");
  }

  /** Does what a request asks for. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers. A failure becomes a problem: a {@link
     * io.billingsdk.server.common.RequestRefusedException} by its kind, one of the database as
     * unavailable.
     */
    ApiResponse handle(Request request);
  }

  /** Who may call a route. */
  public enum RequiredScope {
    /** Anybody. */
    PUBLIC,
    /** Who has signed the body; the handler verifies it, and keeps its own transactions. */
    SIGNED,
    /** Who has a token of a feature; the handler verifies it, and keeps its own transactions. */
    HOLDER,
    /** Who has a token to send usage; the handler keeps its own transactions. */
    INTAKE,
    /** Who has a token to read. */
    READ,
    /** Who has a token to write. */
    WRITE,
    /** Who may change meters and plans. */
    CATALOG,
    /** A customer, for itself, by a token that reads; or who may change customers. */
    CUSTOMER,
    /** Who may change customers and what they owe. */
    FINANCE,
    /** Who may give money back. */
    REFUND,
    /** Who may do everything. */
    ADMIN;

    /** Whether a request of such a route changes something. */
    boolean changes() {
      return switch (this) {
        case PUBLIC, SIGNED, HOLDER, INTAKE, READ -> false;
        case WRITE, CATALOG, CUSTOMER, FINANCE, REFUND, ADMIN -> true;
      };
    }

    /** What a token must be good for, whose holder may be a customer. */
    Scope scope(boolean isCustomer) {
      return this == CUSTOMER && isCustomer ? Scope.READ : scope();
    }

    private Scope scope() {
      return switch (this) {
        case INTAKE -> Scope.INTAKE;
        case PUBLIC, SIGNED, HOLDER, READ -> Scope.READ;
        case WRITE -> Scope.WRITE;
        case CATALOG -> Scope.CATALOG;
        case CUSTOMER, FINANCE -> Scope.FINANCE;
        case REFUND -> Scope.REFUND;
        case ADMIN -> Scope.ADMIN;
      };
    }
  }

  /**
   * How many requests of a kind that lasts there may be at once: of all, of each token, of the
   * tokens of each app, and of all tokens of apps together, so that there is room for others.
   * Thread-safe.
   */
  public static final class Places {
    private final String what;
    private final int all;
    private final int ofToken;
    private final int ofApp;
    private final int ofApps;
    private final Map<String, Integer> byToken = new HashMap<>();
    private final Map<String, Integer> byApp = new HashMap<>();
    private int taken;
    private int takenByApps;

    /** For a kind of requests, which is named as in {@code the live tail}. */
    public Places(String what, int all, int ofToken, int ofApp, int ofApps) {
      this.what = what;
      this.all = all;
      this.ofToken = ofToken;
      this.ofApp = ofApp;
      this.ofApps = ofApps;
    }

    /**
     * Takes one.
     *
     * @return gives it back, once however often it is run
     * @throws ProblemException when there is none for this caller
     */
    Runnable take(Principal principal) {
      return take(principal.tokenId(), "one token", principal.appId());
    }

    /**
     * Takes one for somebody whose token is known to the feature alone: by where they are.
     *
     * @return gives it back, once however often it is run
     * @throws ProblemException when there is none for this caller
     */
    Runnable take(String network) {
      return take("from " + network, "one address", null);
    }

    private synchronized Runnable take(String who, String whose, @Nullable String app) {
      require(taken < all, Problem.busy("as many use " + what + " of this server as it serves"));
      require(byToken.getOrDefault(who, 0) < ofToken, tooMany(whose, ofToken));
      if (app != null) {
        require(byApp.getOrDefault(app, 0) < ofApp, tooMany("the tokens of one app", ofApp));
        require(takenByApps < ofApps, tooMany("all tokens of apps", ofApps));
        byApp.merge(app, 1, Integer::sum);
        takenByApps++;
      }
      byToken.merge(who, 1, Integer::sum);
      taken++;
      boolean[] given = {false};
      return () -> giveBack(who, app, given);
    }

    /** How many are taken. */
    synchronized int taken() {
      return taken;
    }

    private synchronized void giveBack(String who, @Nullable String app, boolean[] given) {
      if (given[0]) {
        return;
      }
      given[0] = true;
      taken--;
      less(byToken, who);
      if (app != null) {
        takenByApps--;
        less(byApp, app);
      }
    }

    private static void less(Map<String, Integer> counts, String name) {
      var unused = counts.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
    }

    private static void require(boolean isFree, Problem otherwise) {
      if (!isFree) {
        throw new ProblemException(otherwise);
      }
    }

    private Problem tooMany(String whose, int most) {
      return Problem.tooManyRequests(
          "too many use " + what + " at once", "at most " + most + " at once with " + whose);
    }
  }
}
