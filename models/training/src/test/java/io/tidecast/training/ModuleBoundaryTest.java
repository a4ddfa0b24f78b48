package io.tidecast.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.tidecast.training",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest
  static final ArchRule SHOULD_KNOW_NEITHER_FLINK_NOR_KAFKA =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "ai.onnxruntime..");

  /** An import must not load half a gigabyte of libraries that it has no use for. */
  @ArchTest
  static final ArchRule SHOULD_IMPORT_WITHOUT_TORCH =
      noClasses()
          .that()
          .haveSimpleName("ModelImport")
          .should()
          .transitivelyDependOnClassesThat()
          .resideInAPackage("ai.djl..");
}
