package io.billingsdk.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.Counts;
import io.billingsdk.server.collect.CollectorCounts;
import io.billingsdk.server.collect.TestIntake;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.DatabaseAddress;
import io.billingsdk.server.database.Secrets;
import io.billingsdk.server.database.WriteProbe;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.tail.LiveTail;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document says what the server does: each route is in it, and nothing else is. */
class OpenApiTest {
  @TempDir Path directory;

  private List<Route> routes() {
    DatabaseAddress nowhere = new DatabaseAddress("jdbc:postgresql://localhost:1/x", "x", "x");
    Database database = Database.unpooled(nowhere);
    // The routes are only listed: nothing connects to this database.
    HttpApi.Parts parts =
        new HttpApi.Parts(
            new KeyVault(new Secrets(directory)),
            () -> true,
            TestIntake.idle(database).intake(),
            new LiveTail(database),
            new CollectorCounts(),
            WriteProbe.of(nowhere),
            () -> 0,
            new Counts(),
            Map.of());
    StreamTiming timing = StreamTiming.of(HttpSettings.STREAM_SILENCE);
    return HttpApi.routes(
        parts,
        new Metrics(/* isPublic= */ false),
        new IntakeRoutes(parts.intake(), Clock.systemUTC(), timing, 500));
  }

  /** Method, path, who may call it, and with which parameters: the same both ways. */
  @Test
  void document_andRoutes_sayTheSame() {
    Set<String> served =
        routes().stream().map(OpenApiTest::line).collect(Collectors.toCollection(TreeSet::new));
    Set<String> written =
        Operation.all().stream()
            .map(Operation::line)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(written).containsExactlyElementsOf(served);
  }

  @Test
  void operations_haveIdsOfTheirOwn_andAnswersForWhatGoesWrong() {
    Set<String> ids = new HashSet<>();
    for (Operation each : Operation.all()) {
      assertThat(ids.add(each.id())).as(each.id()).isTrue();
      assertThat(each.node().path("summary").asText()).as(each.id()).isNotBlank();
      if (!each.isPublic()) {
        assertThat(each.node().path("responses").has("default")).as(each.id()).isTrue();
      }
    }
  }

  @Test
  void references_ofTheDocument_leadSomewhere() {
    for (String reference : Operation.document().findValuesAsText("$ref")) {
      assertThat(Operation.document().at(reference.substring(1)).isMissingNode())
          .as(reference)
          .isFalse();
    }
  }

  private static String line(Route route) {
    String access = route.access().name().toLowerCase(java.util.Locale.ROOT);
    return String.join(
        " ",
        route.method(),
        route.path(),
        access,
        route.appScoped() ? "app" : "-",
        new TreeSet<>(route.parameters()).toString());
  }
}
