package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.PagePrograms;
import io.billingsdk.testbed.Proof;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web back ends of docs/statistics.md, as they stand there, against a server. */
@Tag("postgres")
class StatsSnippetsTest {
  private static final String PROOF = "statistics-snippets";
  private static final String EXAMPLE = "https://billing.example.com:8443";
  private static final PagePrograms PAGE = new PagePrograms("statistics.md", PROOF);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Path file(String name, String program) throws Exception {
    assertThat(program).contains(EXAMPLE);
    return Files.writeString(directory.resolve(name), program.replace(EXAMPLE, http.address()));
  }

  private static void requireOneExport(String printed) throws Exception {
    JsonNode stats = JSON.readTree(printed);
    assertThat(stats.at("/exports/total").asInt()).as(printed).isEqualTo(1);
    assertThat(stats.at("/exports/total_duration").asInt()).isEqualTo(300);
  }

  @Test
  void python_ofThePage_countsAnExportOfASession() throws Exception {
    String version = PagePrograms.version("python3");
    PAGE.skipWithout(version.startsWith("Python 3"), "python", "no python3");
    Path program = file("visit.py", PAGE.program("python") + "print(json.dumps(stats))\n");

    String printed =
        PagePrograms.run(
            List.of("python3", program.toString()),
            Map.of("SSL_CERT_FILE", directory.resolve("ca.pem").toString()));

    requireOneExport(printed);
    Proof.of(PROOF).with("of", "python").with("version", version).with("exports", 1).print();
  }

  @Test
  void java_ofThePage_countsAnExportOfASession() throws Exception {
    Path program = file("Visit.java", PAGE.program("java"));
    Path trusted = trusted();

    String printed =
        PagePrograms.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djavax.net.ssl.trustStore=" + trusted,
                "-Djavax.net.ssl.trustStorePassword=changeit",
                program.toString()),
            Map.of());

    JsonNode answer = JSON.readTree(printed);
    assertThat(answer.path("success").asBoolean()).as(printed).isTrue();
    requireOneExport(answer.path("stats").toString());
    Proof.of(PROOF)
        .with("of", "java")
        .with("version", Runtime.version().feature())
        .with("exports", 1)
        .print();
  }

  /** The authority of the server, as a JVM reads it. */
  private Path trusted() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(directory.resolve("ca.pem"))) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }
}
