package io.billingsdk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class SettingsTest {
  @TempDir Path directory = Path.of("");

  private final Map<String, String> environment = new HashMap<>();

  private CommandLine commandLine() {
    return BillingCommandLine.create(environment::get, directory, "billing");
  }

  /** What an option of a command holds after parsing, as its field has it. */
  private String value(String option, String... arguments) {
    ParseResult parsed = commandLine().parseArgs(arguments);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    Object value = parsed.commandSpec().findOption(option).getValue();
    return String.valueOf(value);
  }

  private void file(String text) throws IOException {
    Files.writeString(directory.resolve("billing-server.properties"), text);
  }

  @Test
  void option_flagEnvironmentFileDefault_inThisOrder() throws IOException {
    assertThat(value("--mqtt-port", "serve")).isEqualTo("8883");
    file("mqtt-port=1001\n");
    assertThat(value("--mqtt-port", "serve")).isEqualTo("1001");
    environment.put("BILLING_MQTT_PORT", "1002");
    assertThat(value("--mqtt-port", "serve")).isEqualTo("1002");
    assertThat(value("--mqtt-port", "serve", "--mqtt-port", "1003")).isEqualTo("1003");
    environment.put("BILLING_MQTT_PORT", " ");
    assertThat(value("--mqtt-port", "serve")).isEqualTo("1001");
  }

  @Test
  void option_ofAnotherCommandOfTheServer_isTheServers() throws IOException {
    file("data-dir=/srv/billing\n");
    assertThat(value("--data-dir", "serve")).isEqualTo("/srv/billing");
    assertThat(value("--data-dir", "streams")).isEqualTo("/srv/billing");
    assertThat(value("--data-dir", "instance", "list")).isEqualTo("/srv/billing");
  }

  @Test
  void option_thatIsNoneOfServe_isNotTakenFromAnywhere() {
    environment.put("BILLING_REASON", "left over");
    environment.put("BILLING_APP", "left-over");
    CommandRun run = run("keys", "block", "k_1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--reason");
    // The doctor looks at a service, which has settings of its own.
    environment.put("BILLING_DATA_DIR", "/srv/billing");
    assertThat(value("--data-dir", "doctor")).isEqualTo("null");
  }

  @Test
  void file_named_isReadAndMustBeThere() throws IOException {
    Path named = Files.writeString(directory.resolve("other"), "prefix=ours\n");
    environment.put(Settings.FILE_VARIABLE, named.toString());
    assertThat(value("--prefix", "serve")).isEqualTo("ours");
    environment.put(Settings.FILE_VARIABLE, directory.resolve("absent").toString());
    refused("cannot read the settings in " + directory.resolve("absent") + ": no such file");
  }

  @Test
  void file_unknownName_isRefusedByName() throws IOException {
    file("data-dir=/srv/billing\nmqtt_port=1\n");
    refused("'mqtt_port' is not a setting; there are [");
  }

  @Test
  void file_malformedValue_isRefusedByItsOption() throws IOException {
    file("mqtt-port=many\n");
    refused("--mqtt-port must be a whole number from 0 to 65535, but was many");
  }

  @Test
  void value_thatLooksLikeAVariable_isTheValue() throws IOException {
    environment.put("BILLING_PREFIX", "${sys:user.name}");
    assertThat(value("--prefix", "serve")).isEqualTo("${sys:user.name}");
    environment.remove("BILLING_PREFIX");
    for (String each : List.of("${HOME}", "$", "$$", "a$$${HOME}", "${", "$${HOME:-x}")) {
      file("prefix=" + each + "\n");
      assertThat(value("--prefix", "serve")).isEqualTo(each);
    }
  }

  private void refused(String message) {
    CommandRun run = run("serve");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ", "Exception:");
    assertThat(run.out()).isEmpty();
  }

  private CommandRun run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    return new CommandRun(code, out.toString(), err.toString());
  }
}
