package io.billingsdk.grpc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The borders of this module. */
@AnalyzeClasses(packages = "io.billingsdk.grpc", importOptions = DoNotIncludeTests.class)
final class GrpcArchitectureTest {

  /** What it needs of core has to be public API: whatever it uses, a user must be able to use. */
  @ArchTest
  static final ArchRule usesOnlyThePublicApiOfCore =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.internal..");

  @ArchTest
  static final ArchRule usesNoWireCodec =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.protocol..");

  /**
   * The runtime that a service brings may be older than the code that was generated here: then it
   * does not load. The classes of {@code billing/api_key.proto} are for the code of services alone.
   */
  @ArchTest
  static final ArchRule needsNothingThatWasGenerated =
      noClasses()
          .that()
          .resideInAPackage("io.billingsdk.grpc")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.billingsdk.grpc.proto..", "com.google.rpc..", "com.google.api..");

  /** The types by which a user is bound to it: whoever adds one, adds it here. */
  private static final Set<String> PUBLIC =
      Set.of(
          "ApiKeyCallCredentials",
          "ApiKeyInterceptor",
          "ApiKeyInterceptorBuilder",
          "BillOn",
          "BillingContext",
          "BillingInterceptors",
          "CallDecision",
          "CallMeter",
          "DecisionListener",
          "KeyPolicy",
          "Metering",
          "MeteringInterceptor",
          "MeteringInterceptorBuilder",
          "OnRevoke",
          "RequireApiKey",
          "SpanDecisions",
          "UsageExtractor");

  @Test
  void publicTypes_ofTheModule_areThePinnedOnes() {
    assertThat(
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("io.billingsdk.grpc")
                    .stream()
                    .filter(type -> type.getPackageName().equals("io.billingsdk.grpc"))
                    .filter(JavaClass::isTopLevelClass)
                    .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(PUBLIC);
  }
}
