package io.billingsdk.server.providers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.providers.EventRows.StoredEvent;
import io.billingsdk.server.providers.ProviderViews.EventView;
import io.billingsdk.server.providers.ProviderViews.TakenView;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Webhooks of providers, and those of them that wait for a person. */
final class EventRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);

  private static final String IN = Route.BASE + "/provider-events/{provider}";
  private static final String PARKED = Route.BASE + "/parked-events";
  private static final String LIST = "parked-events";

  private final ProviderParts parts;

  EventRoutes(ProviderParts parts) {
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        Route.signed(IN, this::take),
        Route.read(PARKED, this::parked).paged(),
        Route.write("POST", PARKED + "/{position}/dismissal", EventRoutes::dismiss)
            .needing(RequiredScope.FINANCE),
        Route.write("POST", PARKED + "/{position}/replay", this::replay)
            .needing(RequiredScope.FINANCE));
  }

  private ApiResponse take(Request request) {
    String name = request.path("provider");
    PaymentProvider provider =
        ProviderName.find(name)
            .flatMap(parts.providers()::find)
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "provider", "the server has no account at " + Request.shown(name)));
    ProviderEvent event;
    try {
      event = provider.read(request.headers(), request.bytes());
    } catch (ForgedEventException forged) {
      LOG.info("a webhook of {} was refused: {}", name, forged.getMessage());
      throw Request.invalid("body", "signed by the provider: " + forged.getMessage());
    } catch (ProviderUnreachableException later) {
      throw again(name, later);
    }
    try {
      return ApiResponse.ok(
          new TakenView(parts.events().take(provider, event, request.bytes()).text()));
    } catch (ProviderUnreachableException later) {
      throw again(name, later);
    }
  }

  /** The provider sends it again. */
  private static ProblemException again(String name, ProviderUnreachableException later) {
    LOG.warn("a webhook of {} waits for its repetition: {}", name, later.getMessage());
    return new ProblemException(Problem.busy("the provider could not be asked; send it again"));
  }

  private ApiResponse parked(Request request) {
    long after = request.numberCursor(LIST).orElse(0L);
    int limit = request.limit();
    List<StoredEvent> found =
        request.database().read(handle -> EventRows.parked(handle, after, limit + 1));
    return ApiResponse.ok(
        Page.of(
            found, limit, EventView::of, each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  private static ApiResponse dismiss(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", ProviderFields.REASON_CHARS);
    body.end();
    long position = request.number("position", "the position of a parked event");
    Actor actor = request.actor();
    StoredEvent done =
        request
            .database()
            .inTransaction(handle -> EventDesk.dismiss(handle, position, reason, actor));
    return ApiResponse.ok(EventView.of(done));
  }

  private ApiResponse replay(Request request) {
    long position = request.number("position", "the position of a parked event");
    Actor actor = request.actor();
    StoredEvent parked =
        request
            .database()
            .inTransaction(handle -> EventDesk.prepareReplay(handle, position, actor));
    PaymentProvider provider = parts.providers().require("position", parked.provider());
    request.afterCommit(() -> parts.after(() -> parts.events().replay(provider, parked)));
    return ApiResponse.ok(EventView.of(parked));
  }
}
