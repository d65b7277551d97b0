package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class MetricsTest {
  @TempDir Path directory;

  @Test
  void metrics_withATokenToRead_tellOfCollectorRequestsAndPool() {
    try (HttpTestbed http = new HttpTestbed(directory)) {
      assertThat(http.send("GET", "/metrics", null, null).status()).isEqualTo(401);
      assertThat(http.get("/api/v1/apps").status()).isEqualTo(200);
      assertThat(http.get("/api/v1/apps/none").status()).isEqualTo(404);
      Reply metrics = http.get("/metrics");
      assertThat(metrics.status()).isEqualTo(200);
      assertThat(metrics.contentType()).startsWith("text/plain");
      assertThat(metrics.body())
          .contains("billing_up 1.0")
          .contains("billing_collector_events_total{fate=\"committed\"} 0.0")
          .contains("billing_collector_messages_waiting 0.0")
          .contains("billing_database_connections{pool=\"requests\",state=\"active\"}")
          .containsPattern(
              "billing_http_requests_seconds_count\\{method=\"GET\","
                  + "route=\"/api/v1/apps/\\{appId}\",status=\"404\"} 1")
          .doesNotContain("none\"");
    }
  }
}
