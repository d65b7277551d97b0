package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ingest.RecordIntake;
import io.billingsdk.server.ingest.RecordIntake.RecordOutcome;
import io.billingsdk.server.ingest.RecordIntake.UsageRecord;
import io.billingsdk.server.keys.KeyAdmin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** Records of costs and of performance: each becomes an event of the ledger, once by its id. */
final class RecordRoutes {
  private static final String BASE = "/api/analytics";
  private static final int MOST = 1_000;

  private final RecordIntake intake;
  private final AnalyticsKey key = new AnalyticsKey();

  RecordRoutes(RecordIntake intake) {
    this.intake = intake;
  }

  List<Route> routes() {
    return List.of(
        Route.intake(BASE + "/cost/records", this::costs).ignoringOthers(),
        Route.intake(BASE + "/performance/records", this::steps).ignoringOthers());
  }

  private ApiResponse costs(Request request) {
    return take(request, "cost", CostRecords::event);
  }

  private ApiResponse steps(Request request) {
    return take(request, "performance", PerformanceRecords::event);
  }

  /** All of a request are read before the first one is stored. */
  private ApiResponse take(
      Request request, String kind, BiFunction<RecordFields, String, ObjectNode> event) {
    List<UsageRecord> records = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (RecordFields each : records(request)) {
      String keyId = key(request, each, known);
      records.add(new UsageRecord(kind, each.name("record_id"), event.apply(each, keyId)));
    }
    return ApiResponse.ok(view(records, intake.store(records)));
  }

  private String key(Request request, RecordFields record, Set<String> known) {
    String named = record.optionalName("key_id").orElse("");
    if (!named.isEmpty() && known.add(named)) {
      // Of no app, a record could be counted twice.
      if (new KeyAdmin(request.database(), null).one(named).isEmpty()) {
        known.remove(named);
        throw record.wrong("key_id", "the id of a key of this server, or left out");
      }
    }
    if (named.isEmpty() && known.add("")) {
      var unused = key.in(request.database(), request.actor());
    }
    return named.isEmpty() ? AnalyticsKey.KEY : named;
  }

  private static List<RecordFields> records(Request request) {
    if (!request.mediaType().equals(ApiResponse.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    JsonNode body = JsonBody.tree(request.whole(), Json::exactTree);
    if (body instanceof ObjectNode record) {
      return List.of(new RecordFields(record, ""));
    }
    if (!(body instanceof ArrayNode list) || list.isEmpty() || list.size() > MOST) {
      throw Request.invalid("body", "a record, or a list of 1 to " + MOST + " records");
    }
    List<RecordFields> records = new ArrayList<>();
    for (JsonNode each : list) {
      String place = "[" + records.size() + "]";
      if (!(each instanceof ObjectNode record)) {
        throw Request.invalid(place, "an object");
      }
      records.add(new RecordFields(record, place + "."));
    }
    return records;
  }

  private static ObjectNode view(List<UsageRecord> records, List<RecordOutcome> outcomes) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    view.put("success", outcomes.stream().allMatch(RecordOutcome::isCounted));
    view.put("stored", count(outcomes, "stored"));
    view.put("duplicates", count(outcomes, "duplicate"));
    view.put("conflicts", count(outcomes, "conflict"));
    view.put("rejected", count(outcomes, "rejected"));
    ArrayNode results = view.putArray("results");
    for (int i = 0; i < outcomes.size(); i++) {
      ObjectNode result = results.addObject();
      // A key that somebody took for an id is repeated to nobody.
      result.put("record_id", KeyMask.masked(records.get(i).id()));
      result.put("status", outcomes.get(i).status());
      if (!outcomes.get(i).isCounted()) {
        result.put("code", outcomes.get(i).code());
        result.put("detail", outcomes.get(i).detail());
      }
    }
    return view;
  }

  private static long count(List<RecordOutcome> outcomes, String status) {
    return outcomes.stream().filter(each -> each.status().equals(status)).count();
  }
}
