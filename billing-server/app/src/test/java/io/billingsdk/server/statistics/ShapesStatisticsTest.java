package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each request and answer of the given shapes, field by field. */
@Tag("postgres")
class ShapesStatisticsTest {
  @TempDir Path directory;

  private HttpTestbed http;
  private StatsClient client;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private void same(JsonNode number, String expected) {
    assertThat(number.isNumber()).as("%s is a JSON number", number).isTrue();
    assertThat(number.decimalValue()).isEqualByComparingTo(new BigDecimal(expected));
    client.checked++;
  }

  private void use(String session, int times, String type, String metadata) {
    for (int i = 0; i < times; i++) {
      Reply reply = client.recordOfSession(session, type, metadata);
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("{\"success\":true}");
    }
  }

  @Test
  void sessions_answerAsTheirShapesSay() {
    String session = client.session();
    use(session, 2, "file_upload", "{\"kind\":\"audio\",\"size\":10485760,\"type\":\"mp3\"}");
    use(session, 14, "file_upload", "{\"kind\":\"image\",\"size\":1048576,\"type\":\"png\"}");
    use(session, 1, "file_upload", "{\"kind\":\"image\",\"size\":16777216,\"type\":\"jpg\"}");
    use(session, 3, "project_create", "{}");
    use(session, 4, "project_file", "{}");
    use(session, 2, "project_time", "{\"duration\":900}");
    use(session, 3, "export", "{\"duration\":300,\"format\":\"mp4\"}");
    use(session, 1, "export", "{\"duration\":0,\"format\":\"mp4\",\"success\":true}");
    use(session, 1, "export", "{\"duration\":77,\"success\":false}");
    use(session, 2, "ai_subtitle", "{\"audio_duration\":300,\"success\":true}");

    JsonNode stats = client.stats(session);
    client.fields(stats, "sessions", "files", "projects", "exports", "ai_services", "details");
    client.fields(stats.path("sessions"), "total", "active");
    same(stats.path("sessions").path("total"), "1");
    same(stats.path("sessions").path("active"), "1");
    JsonNode files = stats.path("files");
    client.fields(files, "audio_count", "image_count", "total_size", "total_size_mb");
    same(files.path("audio_count"), "2");
    same(files.path("image_count"), "15");
    same(files.path("total_size"), "52428800");
    same(files.path("total_size_mb"), "50.0");
    client.fields(stats.path("projects"), "total", "total_duration");
    same(stats.path("projects").path("total"), "3");
    same(stats.path("projects").path("total_duration"), "1800");
    JsonNode exports = stats.path("exports");
    client.fields(exports, "total", "success", "failed", "total_duration");
    same(exports.path("total"), "5");
    same(exports.path("success"), "4");
    same(exports.path("failed"), "1");
    same(exports.path("total_duration"), "900");
    client.fields(stats.path("ai_services"), "subtitle_generation", "total_audio_duration");
    same(stats.path("ai_services").path("subtitle_generation"), "2");
    same(stats.path("ai_services").path("total_audio_duration"), "600");
    details(stats.path("details"));
    badUses(session);
    exports(session);
    Proof.of("shapes-statistics")
        .with("part", "sessions")
        .with("fields", client.checked)
        .with("wrong", 0)
        .print();
  }

  private void details(JsonNode details) {
    client.fields(details, "sessions", "files", "projects", "exports", "ai_services");
    client.fields(details.path("sessions"), "created_at", "duration");
    assertThat(Instant.parse(details.path("sessions").path("created_at").asText()))
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(1));
    JsonNode types = details.path("files").path("by_type");
    same(types.path("mp3"), "2");
    same(types.path("png"), "14");
    same(types.path("jpg"), "1");
    same(details.path("projects").path("file_count"), "4");
    same(details.path("exports").path("success_rate"), "80");
    same(details.path("ai_services").path("success_rate"), "100");
  }

  private void badUses(String session) {
    refused(client.recordOfSession(session, "exprot", "{}"), 400, "exprot");
    refused(client.recordOfSession(session, "api_call", "{}"), 400, "api_call");
    refused(
        client.recordOfSession(session, "export", "{\"duration\":-1}"), 400, "metadata.duration");
    refused(
        client.recordOfSession(session, "file_upload", "{\"kind\":\"audio\",\"size\":-5}"),
        400,
        "metadata.size");
    refused(client.recordOfSession("bst_x.y", "export", "{\"duration\":1}"), 403, "session_id");
    refused(http.send("GET", "/api/usage/stats", null, null), 400, "session_id");
  }

  private void refused(Reply reply, int status, String named) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains(named);
    client.checked++;
  }

  /** 900 s of exports are 15 minutes: 7.5; 600 s of subtitles are 10. */
  private void exports(String session) {
    JsonNode export = client.get("/api/usage/export?format=json&session_id=" + session);
    assertThat(export.path("currency").asText()).isEqualTo("CNY");
    same(export.path("costs").get(0).path("cost"), "0.0048828125");
    same(export.path("costs").get(1).path("cost"), "7.5");
    same(export.path("costs").get(2).path("cost"), "10");
    assertThat(export.path("events")).hasSize(33);
    assertThat(export.path("figures").path("exports").path("total").asInt()).isEqualTo(5);
    String path = "/api/usage/export?format=csv&bom=true&session_id=" + session;
    Reply csv = http.send("GET", path, null, null);
    assertThat(csv.contentType()).startsWith("text/csv");
    assertThat(csv.body()).startsWith("\uFEFFkind,name,at,amount,cost,currency,metadata\r\n");
    assertThat(csv.body().lines()).filteredOn(line -> line.startsWith("event,")).hasSize(33);
    assertThat(csv.body()).contains("counter,exports,,5,,,", "cost,export_minutes,,900,7.5,CNY,");
  }

  @Test
  void session_atItsLimit_isRefusedWithoutATimeToTryAgain() {
    String session = client.session();
    use(session, 50, "ai_subtitle", "{\"audio_duration\":1}");

    Reply reply = client.recordOfSession(session, "ai_subtitle", "{\"audio_duration\":1}");

    assertThat(reply.status()).as(reply.body()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEmpty();
    assertThat(reply.body()).contains("ai_services.subtitle_generation: 50 of 50");
    use(session, 1, "export", "{\"duration\":1}");
    String large = "{\"kind\":\"image\",\"size\":1073741823}";
    use(session, 1, "file_upload", large);
    use(session, 1, "file_upload", large);
    assertThat(client.recordOfSession(session, "file_upload", large).status()).isEqualTo(429);
    assertThat(client.stats(session).path("files").path("total_size").asLong())
        .as("admitted while less was used")
        .isEqualTo(2L * 1_073_741_823);
  }

  @Test
  void usersAndGuests_answerAsTheirShapesSay() {
    refused(http.send("GET", "/usage/me", null, null), 401, "Authorization");
    refused(http.send("GET", "/usage/me", null, null, "X-Guest-ID", "mine"), 403, "X-Guest-ID");
    String[] guest = StatsClient.asGuest(client.guest());
    String[] user = StatsClient.asUser(client.user("ann"));
    JsonNode nothing = me(guest);
    same(nothing.path("average_file_size_mb"), "0");
    assertThat(nothing.path("last_upload_at").isNull()).isTrue();
    record(user, "file_upload", "{\"size\":3145728,\"processing_type\":\"split\"}");
    record(user, "file_upload", "{\"size\":1048576,\"processing_type\":\"noise\"}");
    record(user, "processing_complete", "{\"processing_time\":90,\"output_file_size\":2097152}");
    record(user, "processing_complete", "{\"processing_time\":30,\"success\":true}");
    record(
        user,
        "processing_complete",
        "{\"processing_time\":999,\"output_file_size\":5,\"success\":false}");
    record(user, "file_download", "{}");
    record(user, "api_call", "{}");
    record(user, "api_call", "{}");
    figures(me(user));
    figures(client.get("/usage/admin/user/ann", StatsClient.asUser(http.writeToken())));
    limits(guest);
    analytics();
    history(user);
    Proof.of("shapes-statistics")
        .with("part", "users_and_guests")
        .with("fields", client.checked)
        .with("wrong", 0)
        .print();
  }

  private void record(String[] who, String type, String metadata) {
    Reply reply = client.record(who, type, metadata);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"success\":true}");
  }

  private JsonNode me(String... who) {
    JsonNode me = client.get("/usage/me", who);
    client.fields(
        me,
        "total_files_uploaded",
        "total_files_processed",
        "total_files_failed",
        "total_files_downloaded",
        "total_input_size_mb",
        "total_output_size_mb",
        "average_file_size_mb",
        "total_processing_time_minutes",
        "average_processing_time_seconds",
        "processing_types_breakdown",
        "success_rate_percent",
        "first_upload_at",
        "last_upload_at",
        "last_download_at",
        "last_api_call_at",
        "api_calls_count",
        "user_type");
    return me;
  }

  private void figures(JsonNode me) {
    same(me.path("total_files_uploaded"), "2");
    same(me.path("total_files_processed"), "2");
    same(me.path("total_files_failed"), "1");
    same(me.path("total_files_downloaded"), "1");
    same(me.path("total_input_size_mb"), "4");
    same(me.path("total_output_size_mb"), "2");
    same(me.path("average_file_size_mb"), "2");
    same(me.path("total_processing_time_minutes"), "2");
    same(me.path("average_processing_time_seconds"), "60");
    client.fields(me.path("processing_types_breakdown"), "noise", "split");
    same(me.path("success_rate_percent"), "66.666667");
    same(me.path("api_calls_count"), "2");
    assertThat(me.path("user_type").asText()).isEqualTo("authenticated");
    assertThat(Instant.parse(me.path("first_upload_at").asText()))
        .isBefore(Instant.parse(me.path("last_upload_at").asText()));
  }

  private void limits(String[] guest) {
    for (int i = 1; i <= 5; i++) {
      Reply reply = client.record(guest, "file_upload", "{\"size\":1}");
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      assertThat(reply.header("Billing-Near-Limit").orElse(""))
          .as("from 80 %% on, at use %s", i)
          .isEqualTo(i < 4 ? "" : "files_per_day");
    }
    JsonNode limits = client.get("/usage/limits", guest);
    client.fields(limits, "files_per_day", "storage_mb", "processing_minutes");
    for (JsonNode each : limits) {
      client.fields(each, "within_limit", "limit", "message", "used", "remaining", "resets_at");
    }
    JsonNode files = limits.path("files_per_day");
    assertThat(files.path("within_limit").asBoolean()).isFalse();
    same(files.path("limit"), "5");
    same(files.path("used"), "5");
    same(files.path("remaining"), "0");
    assertThat(limits.path("storage_mb").path("resets_at").isNull()).isTrue();
    same(limits.path("storage_mb").path("limit"), "50");
    same(limits.path("processing_minutes").path("limit"), "10");
    Reply beyond = client.record(guest, "file_upload", "{\"size\":1}");
    assertThat(beyond.status()).isEqualTo(429);
    assertThat(beyond.json().path("detail").asText()).isEqualTo(files.path("message").asText());
    long seconds = Long.parseLong(beyond.header("Retry-After").orElseThrow());
    assertThat(Instant.now().plusSeconds(seconds))
        .isBetween(
            Instant.parse(files.path("resets_at").asText()).minusSeconds(5),
            Instant.parse(files.path("resets_at").asText()).plusSeconds(5));
    record(guest, "api_call", "{}");
  }

  private void analytics() {
    Reply forbidden = http.get("/usage/admin/analytics");
    assertThat(forbidden.status()).isEqualTo(403);
    JsonNode all = client.get("/usage/admin/analytics", StatsClient.asUser(http.writeToken()));
    client.fields(
        all,
        "total_users",
        "total_guests",
        "total_files_processed",
        "total_storage_mb",
        "total_processing_minutes",
        "processing_types_breakdown");
    same(all.path("total_users"), "1");
    same(all.path("total_guests"), "1");
    same(all.path("total_files_processed"), "2");
    same(all.path("total_storage_mb"), "4");
    same(all.path("total_processing_minutes"), "2");
  }

  private void history(String[] user) {
    JsonNode days = client.get("/usage/history?bucket=day&zone=Asia/Kathmandu&count=3", user);
    client.fields(days, "bucket", "zone", "rows", "comparison");
    assertThat(days.path("rows")).hasSize(3);
    int uploads = 0;
    for (JsonNode each : days.path("rows")) {
      uploads += each.path("counters").path("files_uploaded").asInt();
    }
    assertThat(uploads).isEqualTo(2);
    JsonNode months = client.get("/usage/history?bucket=month", user);
    assertThat(months.path("rows")).hasSize(12);
    client.fields(months.path("comparison"), "current", "before", "change_percent");
    assertThat(months.path("comparison").path("change_percent").path("api_calls").isNull())
        .isTrue();
  }
}
