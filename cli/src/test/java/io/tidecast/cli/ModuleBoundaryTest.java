package io.tidecast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(packages = "io.tidecast.cli", importOptions = DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.NO_CYCLE_OF_PACKAGES;

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.FEW_ARGUMENTS;

  @ArchTest
  static final ArchRule shouldEmbedKafkaAndFlinkWithoutTheCommands =
      noClasses()
          .that()
          .resideInAPackage("io.tidecast.cli.embedded")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..",
              "io.tidecast.cli",
              "io.tidecast.cli.model..",
              "io.tidecast.cli.quickstart..",
              "io.tidecast.cli.run..",
              "io.tidecast.cli.train..",
              "io.tidecast.evaluation..",
              "io.tidecast.training..");

  @ArchTest
  static final ArchRule shouldKnowNoCommandAtTheConsole =
      noClasses()
          .that()
          .resideInAPackage("io.tidecast.cli.console")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "io.tidecast.flink..");

  @ArchTest
  static final ArchRule shouldKeepTheBrokerInOneRoom =
      classes()
          .that()
          .resideOutsideOfPackage("io.tidecast.cli.embedded")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "kafka..", "org.apache.kafka.metadata..", "org.apache.flink.runtime..");

  /** A graph reaches native code by the runtime alone, which checks it first. */
  @ArchTest
  static final ArchRule shouldReachModelsThroughTheRuntimeOnly =
      noClasses().should().dependOnClassesThat().resideInAPackage("ai.onnxruntime..");

  @ArchTest static final ArchRule shouldHaveNoCrowdedPackage = HouseRules.NO_CROWD;

  @ArchTest static final ArchRule shouldSayWhatEachPackageIsFor = HouseRules.EXPLAINED;
}
