package io.billingsdk.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which way is up: the assembly stands on features above the ledger, these on metering, metering on
 * the platform, the platform on what all use. Nobody knows a layer above their own.
 */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class PackageDirectionsTest {
  private static final String ROOT = "io.billingsdk.server";

  private static final List<String> COMMON = List.of("common");

  private static final List<String> PLATFORM =
      List.of("db", "broker", "mqtt", "http", "access", "jobs", "outbox", "feature", "backup");

  private static final List<String> METERING =
      List.of("ingest", "ledger", "seals", "streams", "tail", "keys", "control", "audit", "health");

  private static final List<String> REVENUE =
      List.of(
          "catalog",
          "customers",
          "subscriptions",
          "entitlements",
          "quotas",
          "reports",
          "credits",
          "invoices",
          "tax",
          "documents",
          "reconcile",
          "whatif",
          "comparison",
          "margin",
          "payments",
          "dunning",
          "providers",
          "revenue",
          "notifications");

  private static final List<String> INSIGHT =
      List.of(
          "costs",
          "performance",
          "alerts",
          "privacy",
          "anomalies",
          "statistics",
          "forecast",
          "dashboard");

  @ArchTest
  static final ArchRule commonKnowsNoOtherPackage =
      knowsNothingOf(COMMON, PLATFORM, METERING, REVENUE, INSIGHT);

  @ArchTest
  static final ArchRule platformKnowsNoFeature =
      knowsNothingOf(PLATFORM, METERING, REVENUE, INSIGHT);

  @ArchTest
  static final ArchRule meteringKnowsNothingThatStandsOnIt =
      knowsNothingOf(METERING, REVENUE, INSIGHT);

  @ArchTest static final ArchRule revenueKnowsNoInsight = knowsNothingOf(REVENUE, INSIGHT);

  @ArchTest
  static final ArchRule nobodyKnowsTheAssembly =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT);

  /** The root is a slice too: else a way from it to a package and back would not be seen. */
  @ArchTest
  static final ArchRule packagesAndTheRootAreFreeOfCycles =
      slices().assignedFrom(new Slices()).should().beFreeOfCycles();

  /** A package of no layer would be held by no rule. */
  @ArchTest
  static final ArchRule eachPackageHasALayer =
      ArchRuleDefinition.classes().should(new StandInALayer());

  private static final class Slices implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(ROOT)
          ? SliceIdentifier.of(first(type))
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of the server and its root";
    }
  }

  private static final class StandInALayer extends ArchCondition<JavaClass> {
    private final List<String> known =
        Stream.of(COMMON, PLATFORM, METERING, REVENUE, INSIGHT, List.of(""))
            .flatMap(List::stream)
            .toList();

    StandInALayer() {
      super("stand in a package of a layer");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      if (!known.contains(first(type))) {
        events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no layer"));
      }
    }
  }

  /** The package below the root; empty for the root. */
  private static String first(JavaClass type) {
    String inside = type.getPackageName().substring(ROOT.length());
    return inside.isEmpty() ? "" : inside.substring(1).split("\\.", -1)[0];
  }

  @SafeVarargs
  private static ArchRule knowsNothingOf(List<String> own, List<String>... above) {
    List<String> others = new ArrayList<>();
    for (List<String> each : above) {
      others.addAll(each);
    }
    // Layers of later are named before they are there.
    return noClasses()
        .that(resideInAnyPackage(packages(own)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages(others)))
        .allowEmptyShould(true);
  }

  private static String[] packages(List<String> names) {
    return names.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
  }
}
