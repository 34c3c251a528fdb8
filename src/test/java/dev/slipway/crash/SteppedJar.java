package dev.slipway.crash;

import dev.slipway.TestFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The jar with a call before and after each commit, each outgoing call and the start of each
 * command, and otherwise as it is.
 */
final class SteppedJar {
  /** The methods by their class. */
  private static final List<Map.Entry<String, String>> METHODS =
      List.of(
          Map.entry("dev/slipway/store/Database", "write"),
          Map.entry("dev/slipway/http/Http", "send"),
          Map.entry("dev/slipway/http/Http", "poll"),
          Map.entry("dev/slipway/targets/command/Supervisor", "start"));

  private static final ClassDesc STEPS = ClassDesc.of("dev.slipway.crash.Steps");
  private static final MethodTypeDesc AT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

  private static final class Once {
    static final Path JAR = make();
  }

  private SteppedJar() {}

  /** The jar; made by the first who asks. */
  static Path jar() {
    return Once.JAR;
  }

  private static Path make() {
    try {
      Path jar = TestFolders.onDisk("stepped").resolve("slipway.jar");
      Files.copy(KilledProcess.realJar(), jar);
      try (FileSystem zip = FileSystems.newFileSystem(jar)) {
        for (Map.Entry<String, String> method : METHODS) {
          Path file = zip.getPath("/" + method.getKey() + ".class");
          Files.write(file, woven(zip, Files.readAllBytes(file), method));
        }
        String steps = Steps.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(Objects.requireNonNull(zip.getPath("/" + steps).getParent()));
        try (InputStream in = Steps.class.getClassLoader().getResourceAsStream(steps)) {
          Files.copy(Objects.requireNonNull(in, steps), zip.getPath("/" + steps));
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] woven(FileSystem zip, byte[] bytes, Map.Entry<String, String> method) {
    String type = method.getKey().substring(method.getKey().lastIndexOf('/') + 1);
    ClassFile classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(needed -> resource(zip, needed))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    return classFile.transformClass(
        classFile.parse(bytes),
        ClassTransform.transformingMethodBodies(
            model ->
                model.methodName().equalsString(method.getValue())
                    && (model.flags().flagsMask() & ClassFile.ACC_SYNTHETIC) == 0,
            around(type + "." + method.getValue())));
  }

  private static @Nullable InputStream resource(FileSystem zip, ClassDesc type) {
    String descriptor = type.descriptorString();
    Path file = zip.getPath("/" + descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
