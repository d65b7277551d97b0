package io.billingsdk.server.http;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Requests of insight that succeed, over the rows that they need. */
final class InsightRequests {
  private static final String PERSON = "\"identifier\":\"ann@example.com\"";

  private static final String ANOMALY =
      """
      INSERT INTO anomaly_series (series_no, size, measure, dimension, name, currency, judged, quiet,
        incidents)
      OVERRIDING SYSTEM VALUE
      VALUES (1, 'day', 'usage', 'app', 'mine', '', '2026-01-01 00:00Z', 0, 1)
      ON CONFLICT DO NOTHING;
      INSERT INTO anomaly_incident (incident_no, series_no, number, state, onset, last, kind,
        direction, actual, expected, low, high, sentence, causes, opened_at)
      OVERRIDING SYSTEM VALUE
      VALUES (1, 1, 1, 'confirmed', '2026-01-01 00:00Z', '2026-01-01 00:00Z', 'spike', 'up', 9, 1,
        1, 2, 's', '[]', now())
      ON CONFLICT DO NOTHING
      """;

  private final HttpTestbed http;

  /** Adds the rows. */
  InsightRequests(HttpTestbed http) throws SQLException {
    this.http = http;
    http.world().execute(ANOMALY);
    prepare("exportPerson");
  }

  /** A person can be erased once. */
  void prepare(String operation) {
    if (operation.equals("erasePerson") || operation.equals("exportPerson")) {
      http.send("POST", "/api/v1/privacy/persons", "{" + PERSON + "}");
    }
  }

  /** Null for other operations. */
  static @Nullable String body(String operation) {
    return switch (operation) {
      case "registerPerson", "exportPerson" -> "{" + PERSON + "}";
      case "erasePerson" -> "{" + PERSON + ",\"reason\":\"r\"}";
      case "expectAnomaly" -> "{\"reason\":\"r\"}";
      default -> null;
    };
  }
}
