package io.billingsdk;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a setting comes from when the builder does not have it: system property, then environment,
 * then a properties file.
 */
final class SettingSources {

  /** A setting's text and where it was found, for error messages. */
  record FoundSetting(String text, String where) {}

  private final UnaryOperator<@Nullable String> systemProperties;
  private final UnaryOperator<@Nullable String> environment;
  private final Path defaultFile;

  SettingSources(
      UnaryOperator<@Nullable String> systemProperties,
      UnaryOperator<@Nullable String> environment,
      Path defaultFile) {
    this.systemProperties = systemProperties;
    this.environment = environment;
    this.defaultFile = defaultFile;
  }

  /** Those of this process; the file is {@code billing.properties} in the working directory. */
  static SettingSources ofProcess() {
    return new SettingSources(
        System::getProperty, System::getenv, Path.of("billing.properties").toAbsolutePath());
  }

  /** Opens the file once, so that one {@code build()} sees one state of it. */
  FileSnapshot read(List<String> problems) {
    String named = systemProperties.apply("billing.config");
    if (named == null) {
      named = environment.apply("BILLING_CONFIG");
    }
    Path file = defaultFile;
    Properties properties = new Properties();
    try {
      file = named == null ? defaultFile : Path.of(named);
    } catch (InvalidPathException malformed) {
      problems.add("billing.config is not the path of a file: " + malformed.getReason());
      return new FileSnapshot(file, properties);
    }
    if (named != null || Files.exists(file)) {
      load(file, properties, problems);
    }
    return new FileSnapshot(file, properties);
  }

  private static void load(Path file, Properties properties, List<String> problems) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException unreadable) {
      problems.add("cannot read " + file + ": " + unreadable);
      return;
    }
    List<String> known = new ArrayList<>();
    Setting.ALL.forEach(setting -> known.add(setting.property()));
    for (String name : properties.stringPropertyNames()) {
      if (!known.contains(name)) {
        problems.add(file + ": '" + name + "' is not a setting; there are " + known);
      }
    }
  }

  /** The sources at one moment. */
  final class FileSnapshot {
    private final Path file;
    private final Properties properties;

    private FileSnapshot(Path file, Properties properties) {
      this.file = file;
      this.properties = properties;
    }

    @Nullable FoundSetting find(Setting<?> setting) {
      String property = setting.property();
      String text = systemProperties.apply(property);
      if (text != null) {
        return new FoundSetting(text, property + " (system property)");
      }
      String variable = setting.environmentVariable();
      text = environment.apply(variable);
      if (text != null) {
        return new FoundSetting(text, variable + " (environment)");
      }
      text = properties.getProperty(property);
      return text == null ? null : new FoundSetting(text, property + " (" + file + ")");
    }
  }
}
