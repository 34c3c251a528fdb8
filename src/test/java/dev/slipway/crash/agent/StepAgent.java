package dev.slipway.crash.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a call before and after each commit, each outgoing call and the start of each command. */
public final class StepAgent implements ClassFileTransformer {
  /** The methods, by the name of their class, and what they are called in the names of steps. */
  private static final Map<String, String> METHODS =
      Map.of(
          "dev/slipway/store/Database", "write",
          "dev/slipway/http/Http", "send",
          "dev/slipway/target/command/Supervisor", "start");

  private static final ClassDesc STEPS = ClassDesc.of("dev.slipway.crash.agent.Steps");
  private static final MethodTypeDesc AT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

  private StepAgent() {}

  /** Called by the virtual machine before Slipway's main. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new StepAgent());
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    String method = METHODS.get(className);
    if (method == null) {
      return null;
    }
    String step = className.substring(className.lastIndexOf('/') + 1) + "." + method;
    ClassFile classFile =
        ClassFile.of(
            ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED,
            ClassFile.ClassHierarchyResolverOption.of(
                java.lang.classfile.ClassHierarchyResolver.ofResourceParsing(
                    ClassLoader.getSystemClassLoader())));
    return classFile.transformClass(
        classFile.parse(bytes),
        ClassTransform.transformingMethodBodies(
            model ->
                model.methodName().equalsString(method)
                    && (model.flags().flagsMask() & ClassFile.ACC_SYNTHETIC) == 0,
            around(step)));
  }

  private static CodeTransform around(String step) {
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder builder) {
        say(builder, "before " + step);
      }

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        if (element instanceof ReturnInstruction) {
          say(builder, "after " + step);
        }
        builder.with(element);
      }
    };
  }

  private static void say(CodeBuilder builder, String what) {
    builder.loadConstant(what).invokestatic(STEPS, "at", AT);
  }
}
