package io.tidecast.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(packages = "io.tidecast.flink", importOptions = DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCircles = HouseRules.NO_CYCLE_OF_PACKAGES;

  @ArchTest static final ArchRule shouldHaveNoCrowd = HouseRules.NO_CROWD;

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.FEW_ARGUMENTS;

  @ArchTest static final ArchRule shouldSayWhatEachRoomIsFor = HouseRules.EXPLAINED;

  @ArchTest
  static final ArchRule shouldKnowStreamsSchemasAndTheRuntimeOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.crypto..",
              "javax.net.ssl..",
              "org.jspecify.annotations..",
              "io.tidecast.flink..",
              "io.tidecast.schemas..",
              "io.tidecast.runtime..",
              "org.apache.flink..",
              "org.apache.kafka..",
              "org.apache.avro..",
              "com.fasterxml.jackson..",
              "com.google.protobuf..",
              "com.squareup.wire..",
              "kotlin..",
              "org.snakeyaml..",
              "de.focus_shift.jollyday..",
              "org.apache.commons.text..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule shouldReachModelsThroughTheRuntimeOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "ai.djl..", "ai.onnx..");
}
