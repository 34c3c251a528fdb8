/**
 * The crash program: a module of its own, which lives in the test tree. It starts the real {@code
 * slipway.jar} as a process, breaks it and what it stands on, and compares what the outside saw
 * with what was promised; it looks at nothing inside. docs/reliability.md has the promises, the
 * breaks and the results; docs/replicas.md those of the replicas.
 *
 * <p>There are three programs. Each has a long form with a {@code main}, and a short form that is a
 * part of {@code mvn verify}:
 *
 * <ul>
 *   <li>{@link dev.slipway.crash.CrashProgram} kills one process again and again; short form {@link
 *       dev.slipway.crash.CrashIT}.
 *   <li>{@link dev.slipway.crash.PowerCutProgram} takes the power from its disk; short form {@link
 *       dev.slipway.crash.PowerCutIT}. {@link dev.slipway.crash.DiskIT} fills the disk or makes it
 *       read-only.
 *   <li>{@link dev.slipway.crash.FleetProgram} kills and freezes one of four replicas; short form
 *       {@link dev.slipway.crash.ReplicasIT}.
 * </ul>
 *
 * <p>The long form runs as {@code mvn validate exec:exec -Dexec.executable=java
 * -Dexec.classpathScope=test -Dexec.args="-cp %classpath dev.slipway.crash.CrashProgram rounds=20
 * kills=50 deployments=20 seed=1"}, after {@code mvn package -DskipTests}.
 *
 * <p>The parts of a program:
 *
 * <ul>
 *   <li>The process: {@link dev.slipway.crash.KilledProcess}, {@link dev.slipway.crash.Replica},
 *       {@link dev.slipway.crash.AotCache}; {@link dev.slipway.crash.SteppedJar}, {@link
 *       dev.slipway.crash.Steps} and {@link dev.slipway.crash.StepChoice} let it die at exact
 *       steps.
 *   <li>The outside: {@link dev.slipway.crash.OutsideServers} around the fakes of {@code
 *       dev.slipway.fakes}; {@link dev.slipway.crash.Faults}, {@link
 *       dev.slipway.crash.SlowResponses} and {@link dev.slipway.crash.HeldResponses} are the
 *       network to them, {@link dev.slipway.crash.MixedDeploys} and {@link
 *       dev.slipway.crash.HeldDeploys} script their deploys; {@link dev.slipway.crash.Deliveries},
 *       {@link dev.slipway.crash.Operator} and {@link dev.slipway.crash.UnsignedSenders} call
 *       Slipway.
 *   <li>The ground: {@link dev.slipway.crash.StateStore}, {@link dev.slipway.crash.OwnPostgres},
 *       {@link dev.slipway.crash.SilentNetwork}, {@link dev.slipway.crash.SmallDisk}, {@link
 *       dev.slipway.crash.Disk}, {@link dev.slipway.crash.Unsynced}, {@link
 *       dev.slipway.crash.HeldWriter}, {@link dev.slipway.crash.SharedDatabase}.
 *   <li>The verdict: {@link dev.slipway.crash.OutsideJournal} and {@link
 *       dev.slipway.crash.Checker}, with {@link dev.slipway.crash.ActChecker} and {@link
 *       dev.slipway.crash.LockChecker} for what was asked for ({@link dev.slipway.crash.Acts}).
 * </ul>
 *
 * <p>Its own tests are {@link dev.slipway.crash.CheckerTest} and {@link
 * dev.slipway.crash.OutsideServersTest}.
 */
package dev.slipway.crash;
