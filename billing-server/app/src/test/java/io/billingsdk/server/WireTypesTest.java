package io.billingsdk.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Messages of the wire are seen where they come in and go out: in the collector and on the channel
 * of control, which carries the feeds of keys. The rest of the server has types of its own, so that
 * another version of the protocol does not reach the ledger or the HTTP API.
 */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class WireTypesTest {
  private static final String PROTOCOL = "io.billingsdk.protocol";

  /**
   * Rules and values without a format of a message: bounds of fields, hashes, what is masked in a
   * text, ranges of numbers, and the proof of a journal, which is checked and never shown.
   */
  private static final Set<String> RULES =
      Set.of("Bounds", "Utf8", "ContentHash", "KeyMask", "KeyRef", "SeqRange", "StreamSecret");

  /** Rights at the broker are rights on topics. */
  private static final Set<String> TOPICS = Set.of("V1Topics", "V2Topics");

  /** A rejected event that somebody has repaired is read by the reader of the wire. */
  private static final Set<String> REPAIRED = Set.of("Replays", "RejectedEventReplay");

  @ArchTest
  static final ArchRule messagesAreSeenAtTheEdgesAlone =
      noClasses()
          .that(
              new NamedType("are none of the collector and the control", type -> !isAtAnEdge(type)))
          .should()
          .dependOnClassesThat(new NamedType("are messages of the wire", WireTypesTest::isMessage));

  @ArchTest
  static final ArchRule topicsAreSeenAtTheBrokerAndTheEdges =
      noClasses()
          .that(
              new NamedType(
                  "are none of the broker and the edges",
                  type -> !isAtAnEdge(type) && !isIn(type, "broker") && !isIn(type, "mqtt")))
          .should()
          .dependOnClassesThat(
              new NamedType(
                  "are topics", type -> isOfTheWire(type) && TOPICS.contains(topLevel(type))));

  private static boolean isAtAnEdge(JavaClass type) {
    String name = topLevel(type);
    return isIn(type, "ingest") || isIn(type, "control") || REPAIRED.contains(name);
  }

  private static boolean isIn(JavaClass type, String part) {
    return type.getPackageName().startsWith("io.billingsdk.server." + part);
  }

  private static boolean isMessage(JavaClass type) {
    return isOfTheWire(type) && !RULES.contains(topLevel(type)) && !TOPICS.contains(topLevel(type));
  }

  private static boolean isOfTheWire(JavaClass type) {
    return type.getBaseComponentType().getPackageName().startsWith(PROTOCOL);
  }

  /** The simple name of the class in whose file it stands; of an array that of its elements. */
  private static String topLevel(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    String inPackage = element.getName().substring(element.getPackageName().length() + 1);
    int nested = inPackage.indexOf('$');
    return nested < 0 ? inPackage : inPackage.substring(0, nested);
  }

  /** A predicate in words. */
  private static final class NamedType extends DescribedPredicate<JavaClass> {
    private final Predicate<JavaClass> is;

    NamedType(String description, Predicate<JavaClass> is) {
      super(description);
      this.is = is;
    }

    @Override
    public boolean test(JavaClass type) {
      return is.test(type);
    }
  }
}
