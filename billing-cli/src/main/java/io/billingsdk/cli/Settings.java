package io.billingsdk.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of {@code serve} from elsewhere than the command line: first the environment, {@code
 * BILLING_DATA_DIR}, then a file, {@code data-dir=…}. The other commands of the server take those
 * of them that they have too, so that all work on one database. Nothing else is taken: a reason or
 * an app that stood in the environment would be one that nobody meant.
 *
 * <p>For one thread.
 */
final class Settings implements IDefaultValueProvider {
  static final String FILE_VARIABLE = "BILLING_SERVER_CONFIG";

  private static final String DEFAULT_FILE = "billing-server.properties";
  private static final Set<String> NOT_OF_THE_SERVER = Set.of("demo", "doctor", "journal");

  private final UnaryOperator<@Nullable String> environment;
  private final Path directory;
  private final Set<String> names;
  private @Nullable Properties loaded;

  /**
   * The settings of a process.
   *
   * @param directory where the file is looked for that nobody names
   * @param names of all settings, as {@link #namesOf} has them
   */
  Settings(UnaryOperator<@Nullable String> environment, Path directory, Set<String> names) {
    this.environment = environment;
    this.directory = directory;
    this.names = names;
  }

  /** The names of a command's options, except help and version. */
  static Set<String> namesOf(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .map(Settings::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@code data-dir} of {@code --data-dir}. */
  static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^--", "");
  }

  /** {@code BILLING_DATA_DIR} of {@code data-dir}. */
  static String variable(String name) {
    return "BILLING_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = name(option);
    CommandSpec command = option.command();
    if (!names.contains(name) || !isOfTheServer(command)) {
      return null;
    }
    String set = environment.apply(variable(name));
    // Compose files and units set variables that are to say nothing.
    return asItIs(
        set != null && !set.isBlank() ? set : file(command.commandLine()).getProperty(name));
  }

  /** Otherwise the parser would replace a text that looks like a variable. */
  private static @Nullable String asItIs(@Nullable String value) {
    return value == null ? null : value.replace("$", "$$");
  }

  private static boolean isOfTheServer(CommandSpec command) {
    for (CommandSpec each = command; each != null; each = each.parent()) {
      if (NOT_OF_THE_SERVER.contains(each.name())) {
        return false;
      }
    }
    return true;
  }

  private Properties file(CommandLine command) {
    Properties properties = loaded;
    if (properties == null) {
      properties = load(command);
      loaded = properties;
    }
    return properties;
  }

  private Properties load(CommandLine command) {
    String named = environment.apply(FILE_VARIABLE);
    boolean isNamed = named != null && !named.isBlank();
    Path file = isNamed ? Path.of(named) : directory.resolve(DEFAULT_FILE);
    Properties properties = new Properties();
    if (!isNamed && !Files.exists(file)) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new ParameterException(
          command, "cannot read the settings in " + file + ": " + why(unreadable), unreadable);
    }
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (!names.contains(name)) {
        throw new ParameterException(
            command, file + ": '" + name + "' is not a setting; there are " + names);
      }
    }
    return properties;
  }

  private static String why(Exception unreadable) {
    return unreadable instanceof NoSuchFileException
        ? "no such file"
        : String.valueOf(unreadable.getMessage());
  }

  /** Rows of the table in docs/operations.md. */
  static Map<String, OptionSpec> rows(CommandSpec command) {
    return command.options().stream()
        .filter(option -> namesOf(command).contains(name(option)))
        .collect(
            Collectors.toMap(Settings::name, option -> option, (one, other) -> one, TreeMap::new));
  }
}
