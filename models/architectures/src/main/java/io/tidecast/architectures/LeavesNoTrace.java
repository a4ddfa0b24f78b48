package io.tidecast.architectures;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a hyperparameter that can have another value, and make another network, with the same names
 * and shapes of weights. A checkpoint cannot tell it, so it is given or its default is named.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface LeavesNoTrace {

  /**
   * Whether the official scripts let it be chosen, so that its default is no answer. One that they
   * leave at the default of the class is named only.
   */
  boolean chosen() default true;
}
