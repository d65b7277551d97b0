package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.http.HttpApi.HttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
    HttpContent content = ServedFeatures.idle(database, WriteProbe.of(nowhere), directory);
    return HttpApi.routes(content, new Metrics(/* isPublic= */ false, content.meters()));
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

  /** What clients were made of; a feature whose part is left out would take it away. */
  @Test
  void document_ofAllParts_hasTheOperationsAndComponentsOfTheWholeOne() throws IOException {
    try (InputStream names = OpenApiTest.class.getResourceAsStream("/openapi-names.txt")) {
      assertThat(names).isNotNull();
      for (String each : new String(names.readAllBytes(), UTF_8).lines().toList()) {
        assertThat(Operation.document().at(each).isMissingNode()).as(each).isFalse();
      }
    }
  }

  /** The server keeps the answer of each write: each repetition has the header. */
  @Test
  void writes_all_takeAnIdempotencyKeyAndSayThatTheyMayReplay() {
    for (Operation each : Operation.all()) {
      if (each.access().equals("write")) {
        assertThat(each.parameters("header"))
            .as("parameters of %s", each.id())
            .anyMatch(header -> header.path("name").asText().equals(StoredResponse.HEADER));
        each.node()
            .path("responses")
            .properties()
            .forEach(
                answer -> {
                  if (answer.getKey().startsWith("2")) {
                    assertThat(answer.getValue().at("/headers/Idempotent-Replayed").isMissingNode())
                        .as("%s of %s has no Idempotent-Replayed", answer.getKey(), each.id())
                        .isFalse();
                  }
                });
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
    // Who signs a body needs no token.
    String access =
        route.isOpen() ? "public" : route.access().name().toLowerCase(java.util.Locale.ROOT);
    return String.join(
        " ",
        route.method(),
        route.path(),
        access,
        (route.appScoped() ? "app" : "-") + (route.customerScoped() ? " customer" : ""),
        new TreeSet<>(route.parameters()).toString());
  }
}
