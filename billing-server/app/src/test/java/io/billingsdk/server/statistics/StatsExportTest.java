package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.EventLines;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that are read back: all rows are there, whatever their number. */
@Tag("postgres")
class StatsExportTest {
  private static final int RELEASE = 1_000_000;
  private static final int ROWS = "release".equals(System.getProperty("size")) ? RELEASE : 20_000;

  @TempDir static Path directory;

  private static HttpTestbed http;
  private static StatsClient client;

  @BeforeAll
  static void start() {
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static String person(String token) {
    return new TestTokens(http.secrets()).session(token).substring("st-".length());
  }

  /** Events of a person, some of them at one time; in each hundred there is a correction. */
  private static void events(String token, String profile, String type, int count)
      throws SQLException {
    http.world()
        .execute(
            """
            INSERT INTO statistics_event (person, at, stream_id, seq, profile, event_type,
              is_correction, amount, record_id, fields)
            SELECT '%s', timestamptz '2026-11-01T00:00:00Z' + make_interval(secs => i / 3), i %% 7, i,
              '%s', '%s', i %% 100 = 0, CASE WHEN i %% 100 = 0 THEN -i ELSE i END, NULL,
              '{"type":"=1+1"}'
            FROM generate_series(1, %d) AS i
            """
                .formatted(person(token), profile, type, count));
  }

  @Test
  void csv_ofManyEvents_hasAllOfThem_inTheOrderOfTheirTimes() throws Exception {
    String session = client.session();
    assertThat(
            client
                .recordOfSession(
                    session, "file_upload", "{\"kind\":\"image\",\"size\":1,\"type\":\"=2+5\"}")
                .status())
        .isEqualTo(200);
    events(session, "media", "export", ROWS);

    int events = 0;
    int corrections = 0;
    BigDecimal sum = BigDecimal.ZERO;
    String last = "";
    boolean isGuarded = false;
    try (EventLines lines =
        http.open("/api/usage/export?format=csv&bom=true&session_id=" + session)) {
      assertThat(lines.status()).isEqualTo(200);
      assertThat(lines.line()).isEqualTo("\ufeffkind,name,at,amount,cost,currency,metadata");
      for (String line = lines.line(); line != null; line = lines.line()) {
        String[] fields = line.split(",", 5);
        isGuarded |= line.startsWith("counter,file_types/=2+5,");
        if (fields[0].equals("event") || fields[0].equals("correction")) {
          events++;
          corrections += fields[0].equals("correction") ? 1 : 0;
          assertThat(fields[2].compareTo(last)).as(line).isGreaterThanOrEqualTo(0);
          last = fields[2];
          sum = sum.add(new BigDecimal(fields[3]));
        }
      }
    }
    long negative = (long) (ROWS / 100) * (ROWS / 100 + 1) / 2 * 100;
    long all = (long) ROWS * (ROWS + 1) / 2;
    assertThat(events).isEqualTo(ROWS + 1);
    assertThat(sum).isEqualByComparingTo(BigDecimal.valueOf(all - 2 * negative + 1));
    assertThat(isGuarded).as("a text that does not begin as a formula is left as it is").isTrue();
    Proof.sized("stats-export", ROWS, RELEASE)
        .with("format", "csv")
        .with("rows", events)
        .with("corrections", corrections)
        .with("heap_mib", Runtime.getRuntime().maxMemory() >> 20)
        .with("missing", 0)
        .print();
  }

  @Test
  void json_ofAUserAndTheirGuests_hasTheEventsOfBoth_andSaysThatItIsWhole() throws Exception {
    String user = client.user("ann");
    String guest = client.guest();
    events(user, "audio", "api_call", 2_500);
    events(guest, "audio", "api_call", 1_000);
    http.send(
        "POST", "/usage/link", null, null, "Authorization", "Bearer " + user, "X-Guest-ID", guest);

    JsonNode whole = client.get("/usage/export?format=json", StatsClient.asUser(user));

    assertThat(whole.path("events")).hasSize(3_500);
    assertThat(whole.path("complete").asBoolean()).isTrue();
    assertThat(whole.at("/events/99/amount").decimalValue()).isEqualByComparingTo("-100");
    assertThat(whole.at("/events/99/metadata/type").asText()).isEqualTo("=1+1");
    JsonNode own = client.get("/usage/export?format=json", StatsClient.asGuest(guest));
    assertThat(own.path("events")).hasSize(1_000);
    JsonNode empty = client.get("/usage/export?format=json", StatsClient.asGuest(client.guest()));
    assertThat(empty.path("events")).isEmpty();
    assertThat(empty.path("complete").asBoolean()).isTrue();
  }

  @Test
  void export_thatCannotGoOn_isCut_andNotTakenForTheWhole() throws Exception {
    String session = client.session();
    http.world().execute("ALTER TABLE statistics_event RENAME TO statistics_event_away");
    try (EventLines lines = http.open("/api/usage/export?format=csv&session_id=" + session)) {
      assertThatThrownBy(
              () -> {
                String line = lines.line();
                while (line != null) {
                  line = lines.line();
                }
              })
          .isInstanceOf(IOException.class);
    } finally {
      http.world().execute("ALTER TABLE statistics_event_away RENAME TO statistics_event");
    }
  }
}
